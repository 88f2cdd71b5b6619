-- Where you could save money: each suggestion with what it would have saved, largest first.
--
-- Every response is priced again at real prices of its day. model_downgrade: a project's work on a
-- vendor's large models, above $1, on the next smaller one sold now. scheduled_work: heartbeats and
-- cron jobs, recognised by their session, on the smallest one; they are in no model_downgrade.
-- cache_miss: input that repeats the prompt of at most five minutes before, and was not read from
-- the cache; from 1,024 tokens on, as vendors cache nothing shorter. unread_cache: 1-hour cache
-- writes that no response of the project and model read within the hour; not with filters that
-- would hide such reads (--session, --agent, --branch). session_outlier: sessions above $2 and five
-- times the mean; what they could save is unknown.
--
-- @column type model_downgrade, scheduled_work, cache_miss, unread_cache or session_outlier. {line}
-- @column severity high above $10, medium above $1, low below that or if the saving is unknown. {text, optional}
-- @column project Project, by the end of its path.
-- @column session_id Session, of a session_outlier. {text, optional}
-- @column current_model Model that did the work; NULL if a session has several. {text, optional}
-- @column suggested_model Model it was priced on instead. {text, optional}
-- @column current_cost What it cost at list price. {USD}
-- @column estimated_savings How much less the suggestion would have cost; NULL if unknown. {USD}
-- @column affected_requests Responses affected. {responses, optional}
-- @column message The suggestion, and what it assumes. {prose}
-- @note Savings of model_downgrade and scheduled_work add up: no response is in both. Other
--   savings do not, because they can be about the same responses.
-- @top 40
-- @example
-- @example --last 30d
with scheduled as materialized (
    select
        response_triggers.source,
        response_key,
        kind,
        if(kind = 'cron', coalesce(job_name, name), null) as job
    from response_triggers
    left join cron_jobs
        on kind = 'cron'
        and response_triggers.source = cron_jobs.source
        and name = job_id
    where kind in ('cron', 'heartbeat')
),

scheduled_work as (
    select
        'scheduled_work' as type,
        project,
        coalesce('the cron job ' || job, kind || 's') as work,
        model as current_model,
        other_model.model as suggested_model,
        sum(cost) as current_cost,
        sum(cost) - sum(other_cost) as estimated_savings,
        count(*) as affected_requests
    from usage_on((
        select {'provider': smaller_models.provider, 'model': smaller_models.smallest_model}
        from smaller_models
        where smaller_models.provider = usage.priced_as.provider
            and smaller_models.model = usage.priced_as.model
    ))
    inner join scheduled using (source, response_key)
    where other_cost is not null and cost is not null
    group by all
),

large as materialized (
    select usage_on.*, other_model.model as smaller_model
    from usage_on((
        select {'provider': smaller_models.provider, 'model': smaller_models.smaller_model}
        from smaller_models
        where smaller_models.provider = usage.priced_as.provider
            and smaller_models.model = usage.priced_as.model
            and model_size >= 3
    )) as usage_on
    anti join scheduled using (source, response_key)
    where other_cost is not null and cost is not null
),

downgrade as (
    select
        'model_downgrade' as type,
        project,
        model as current_model,
        smaller_model as suggested_model,
        sum(cost) as current_cost,
        sum(cost) - sum(other_cost) as estimated_savings,
        count(*) as affected_requests
    from large
    group by all
    having sum(cost) > 1
),

chained as materialized (
    select
        source,
        session_id,
        project,
        model,
        cost,
        responded_at,
        input_tokens,
        input_cost,
        cache_read_tokens,
        cache_write_1h_tokens,
        cache_write_1h_cost,
        input_rate,
        cache_read_rate,
        cache_write_5m_rate,
        cache_write_1h_rate,
        total_tokens - output_tokens as prompt,
        lag(prompt) over chain as last_prompt,
        lag(responded_at) over chain as last_responded_at,
        min(if(cache_read_tokens > 0, responded_at, null)) over later as next_read_at
    from usage_on(priced_as)
    window
        chain as (
            partition by source, session_id, agent_id, model order by responded_at, response_key
        ),
        later as (
            partition by source, project, model
            order by responded_at, response_key
            rows between 1 following and unbounded following
        )
),

missed as (
    select *, least(input_tokens, last_prompt - cache_read_tokens) as missed_tokens
    from chained
    where prompt >= last_prompt
        and responded_at <= last_responded_at + interval 5 minutes
),

cache_miss as (
    select
        'cache_miss' as type,
        project,
        model as current_model,
        null as suggested_model,
        sum(input_cost) as current_cost,
        sum(
            missed_tokens * (2 * input_rate - cache_read_rate - cache_write_5m_rate)
        ) as estimated_savings,
        count(*) as affected_requests,
        'Assumes that the repeated input is written to the 5-minute cache once and read from it.'
            as premise
    from missed
    where missed_tokens >= 1024
    group by all
),

unread_cache as (
    select
        'unread_cache' as type,
        project,
        model as current_model,
        null as suggested_model,
        sum(cache_write_1h_cost) as current_cost,
        sum(cache_write_1h_tokens * (cache_write_1h_rate - input_rate)) as estimated_savings,
        count(*) as affected_requests,
        'Assumes uncached input, as no response read the cache within the hour.' as premise
    from chained
    where cache_write_1h_tokens > 0
        and responded_at
            <= least(getvariable('now'), getvariable('until_at')) - interval 1 hour
        and coalesce(
            getvariable('session_filter'), getvariable('agent_filter'), getvariable('branch_filter')
        ) is null
        and coalesce(next_read_at > responded_at + interval 1 hour, true)
    group by all
),

session_cost as (
    select
        source,
        session_id,
        min(project) as project,
        if(count(distinct model) = 1, min(model), null) as current_model,
        sum(cost) as current_cost,
        count(*) as affected_requests
    from chained
    group by source, session_id
),

outlier as (
    select *, avg(current_cost) over () as mean_cost
    from session_cost
    qualify current_cost > 2 and current_cost > 5 * mean_cost
    order by current_cost desc, source, session_id
    limit 5
),

suggestion as (
    select * from downgrade where estimated_savings > 0
    union all by name
    select * from scheduled_work where estimated_savings > 0
    union all by name
    select * from cache_miss where estimated_savings > 0
    union all by name
    select * from unread_cache where estimated_savings > 0
    union all by name
    select
        'session_outlier' as type,
        project,
        session_id,
        current_model,
        current_cost,
        affected_requests,
        format(
            '{:.1f} times the mean session of ${:,.2f}. What it could save is unknown.',
            (current_cost / mean_cost)::double, mean_cost::double
        ) as premise
    from outlier
)

select
    type,
    case
        when estimated_savings > 10 then 'high'
        when estimated_savings > 1 then 'medium'
        else 'low'
    end as severity,
    project_name as project,
    session_id,
    current_model,
    suggested_model,
    current_cost,
    estimated_savings,
    affected_requests,
    concat_ws(' ', case type
        when 'model_downgrade' then format(
            'Use {} for {} of {}.', suggested_model,
            if(affected_requests = 1, 'the response', affected_requests || ' responses'),
            current_model
        )
        when 'scheduled_work' then format('Use {} for {}.', suggested_model, work)
        when 'cache_miss' then format('Cache the repeated input of {}.', current_model)
        when 'unread_cache'
            then format('Avoid 1-hour cache writes that {} does not read again.', current_model)
        else format('Review session {}.', left(session_id, 8))
    end, coalesce(premise, 'Assumes the same number of tokens and turns, and an answer as good.')) as message
from suggestion
left join projects using (project)
order by
    estimated_savings desc nulls last,
    current_cost desc,
    type,
    suggestion.project,
    current_model,
    session_id,
    work
