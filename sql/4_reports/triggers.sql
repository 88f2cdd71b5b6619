-- Cost and tokens by what set the agent going: chats, cron jobs, heartbeats, channels, subagents.
--
-- OpenClaw's sessions are told by their key (session_kinds); an unknown kind has no row in its
-- index any more. Claude Code's are the main session or a subagent. The runs of a cron job are a
-- second view of the cost beside them, and add nothing to it.
--
-- @column source Kind of log.
-- @column kind main, cron, heartbeat, subagent, channel, or another of OpenClaw's; NULL: unknown.
-- @column name The cron job, the channel, or the subagent's type.
-- @column runs Runs that the cron job's log names. {runs, optional}
-- @column failed_runs Those that did not end well. {runs, optional}
-- @column last_status How the last run ended.
-- @column last_run_at When it started. {time, optional}
-- @key source, kind, name
-- @example --last 7d
with session_sum as (
    select *
    from usage_by({
        'source': source,
        'agent': agent,
        'session_id': session_id,
        'is_subagent': is_subagent
    })
),

kind_sum as (
    select
        key.source as source,
        case
            when key.source = 'openclaw' then session_kinds.kind
            when key.is_subagent then 'subagent'
            when key.source = 'claude_code' then 'main'
        end as kind,
        case
            when key.source = 'openclaw' then coalesce(session_kinds.channel, session_kinds.job_id)
            when key.is_subagent then key.agent
        end as name,
        part,
        is_part,
        sum(responses)::bigint as responses,
        sum(sessions)::bigint as sessions,
        sum(input_tokens)::bigint as input_tokens,
        sum(output_tokens)::bigint as output_tokens,
        sum(cache_read_tokens)::bigint as cache_read_tokens,
        sum(cache_write_tokens)::bigint as cache_write_tokens,
        sum(total_tokens)::bigint as total_tokens,
        sum(cost) as cost,
        sum(unpriced_responses)::bigint as unpriced_responses
    from session_sum
    left join session_kinds
        on coalesce(key.agent, '') = coalesce(session_kinds.agent, '')
        and indexed_session(key.session_id) = session_kinds.session_id
    group by all
)

select
    source,
    kind,
    coalesce(cron_jobs.job_name, name) as name,
    kind_sum.* exclude (source, kind, name),
    if(is_part, null, cron_jobs.runs) as runs,
    if(is_part, null, cron_jobs.failed_runs) as failed_runs,
    if(is_part, null, cron_jobs.last_status) as last_status,
    if(is_part, null, cron_jobs.last_run_at) as last_run_at
from kind_sum
left join cron_jobs on kind_sum.kind = 'cron' and kind_sum.name = cron_jobs.job_id
order by
    max(cost) over (partition by source, kind, kind_sum.name) desc nulls last,
    source,
    kind,
    kind_sum.name,
    is_part,
    cost desc nulls last,
    part
