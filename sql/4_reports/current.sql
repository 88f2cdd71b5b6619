-- The sessions running now: what they cost so far, and how full their context is.
--
-- A session is running if OpenClaw has locked it, or if its last response came within --minutes. If
-- none is running, the most recent session is shown, with is_running false. The context is the
-- prompt of the session's last response outside subagents: uncached input, cache reads and cache
-- writes. context_share is its part of the model's context window (pricing/context_windows.csv); it
-- is NULL for an unknown window. The columns are those of the usage dashboard's current session,
-- except token_warning, which is about the context rather than the sum of all prompts.
--
-- @param minutes INTEGER=10 A session is running if its last response is at most this old.
-- @param cost_warning NUMBER=5 Dollars from which a session's cost gets a warning.
-- @param token_warning INTEGER=100000 Tokens from which a context gets a warning.
-- @column session_id Session.
-- @column source Kind of log. {text, optional}
-- @column project Project, by the end of its path.
-- @column agent Agent whose session it is. {text, optional}
-- @column is_running False if no session is running and this is the most recent one.
-- @column locked_at Time at which OpenClaw locked it. {time, optional}
-- @column models_used Its models.
-- @column started_at Time of its first response. {time, optional}
-- @column last_at Time of its last response so far. {time, optional}
-- @column duration_minutes From its first response to its last. {min}
-- @column message_count Model responses. {responses}
-- @column input_tokens Uncached input. {tokens, optional}
-- @column output_tokens Output, reasoning included. {tokens, optional}
-- @column cache_read_tokens Input read from the cache. {tokens, optional}
-- @column cache_write_tokens Input written to the cache. {tokens, optional}
-- @column total_tokens Sum of the four. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column context_tokens Prompt of its last response. {tokens}
-- @column context_window Most tokens that its model takes; NULL if unknown. {tokens, optional}
-- @column context_share Share of the context window in use. {%}
-- @column warning True if the cost has reached --cost-warning. {flag, optional}
-- @column token_warning True if the context has reached --token-warning. {flag, optional}
-- @total message_count, total_tokens, cost
-- @example
-- @example --minutes 60
with session as (
    select
        source,
        session_id,
        arg_min(agent, (is_subagent, responded_at, response_key)) as agent,
        min(project) as project,
        array_to_string(list_sort(list(distinct model)), ', ') as models_used,
        min(responded_at) as started_at,
        max(responded_at) as last_at,
        max({
            'is_main': not is_subagent,
            'responded_at': responded_at,
            'response_key': response_key,
            'model': model,
            'tokens': input_tokens + cache_read_tokens + cache_write_5m_tokens
                + cache_write_1h_tokens
        }) as last,
        count(*) as message_count,
        unnest(sums_of(
            input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens, total_tokens, cost
        ))
    from usage
    where responded_at <= getvariable('now')
    group by source, session_id
),

open_session as (
    select
        session.*,
        locked_at,
        locked_at is not null
            or last_at >= getvariable('now') - to_minutes(getvariable('param_minutes')::integer)
            as is_running
    from session
    left join session_locks
        on session.source = session_locks.source
        and session.session_id = session_locks.session_id
        and coalesce(session.agent, '') = coalesce(session_locks.agent, '')
),

shown as (
    select *
    from open_session
    qualify is_running
        or (
            not bool_or(is_running) over ()
            and row_number() over (order by last_at desc, source, session_id) = 1
        )
),

window_in_force as (
    select
        model,
        max_by(context_window, coalesce(effective_from, date '-infinity')) as context_window
    from context_windows
    where coalesce(effective_from <= getvariable('now') at time zone 'UTC', true)
    group by model
)

select
    session_id,
    source,
    project_name as project,
    agent,
    is_running,
    locked_at,
    models_used,
    started_at,
    last_at,
    ((epoch_ms(last_at) - epoch_ms(started_at)) / 60000)::decimal(12, 1) as duration_minutes,
    message_count,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_tokens,
    total_tokens,
    cost,
    unpriced_responses,
    last.tokens as context_tokens,
    context_window,
    round(100.0 * last.tokens / context_window, 1)::decimal(9, 1) as context_share,
    coalesce(cost >= getvariable('param_cost_warning'), false) as warning,
    last.tokens >= getvariable('param_token_warning') as token_warning
from shown
left join projects on shown.project = projects.project
left join window_in_force on last.model = window_in_force.model
order by is_running desc, last_at desc, source, session_id
