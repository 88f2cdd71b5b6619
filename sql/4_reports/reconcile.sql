-- Our costs compared with those the agents logged, largest difference first.
--
-- per response: the cost logged with a response (OpenClaw's usage.cost.total, costUSD of old Claude
-- Code), if there is one. cost-state: Claude Code's own sum of a whole session, including subagents
-- and calls that are in no transcript. Agents price with the table they were shipped with.
--
-- The reason is a guess: the way of pricing that gives the logged cost, to a millionth of a dollar.
--
-- @column source Kind of log.
-- @column session_id Session.
-- @column model Model.
-- @column basis What is compared: per response, or cost-state. {, optional}
-- @column ours Our cost of what is compared, as in the other reports. {USD}
-- @column theirs Cost that the agent logged. {USD}
-- @column difference Ours minus theirs. {USD}
-- @column responses Responses of the session and model. {responses}
-- @column compared_responses Responses that are compared. {responses, optional}
-- @column reason Most likely reason for most of the difference.
-- @top 40
-- @example
-- @example --source openclaw
with provider_name as (
    select provider, logged_model, min(price_provider) as price_provider
    from priced_models
    group by provider, logged_model
),

rate as (
    select distinct
        provider,
        model,
        coalesce(effective_from, date '-infinity') as price_from,
        if(is_long, 'long_context', 'base') as price_tier,
        multiplier,
        input_rate,
        output_rate,
        cache_read_rate,
        cache_write_5m_rate,
        cache_write_1h_rate,
        web_search_rate
    from rates
),

response as (
    select
        priced_responses.* replace (coalesce(price_from, date '-infinity') as price_from),
        price_provider
    from priced_responses
    left join provider_name using (provider, logged_model)
),

-- every other way to price a response that has a cost in the log
other_way as (
    select
        response.source,
        response.response_key,
        response.logged_cost,
        response.web_search_cost,
        response.input_tokens,
        response.output_tokens,
        response.cache_read_tokens,
        response.cache_write_5m_tokens,
        response.cache_write_1h_tokens,
        response.web_searches,
        rate.price_from = response.price_from as is_same_price,
        rate.price_tier = response.price_tier as is_same_tier,
        rate.multiplier = response.price_multiplier as is_same_service,
        rate.input_rate,
        rate.output_rate,
        rate.cache_read_rate,
        rate.cache_write_5m_rate,
        rate.cache_write_1h_rate,
        rate.web_search_rate
    from response
    inner join rate on response.price_provider = rate.provider and response.model = rate.model
    where response.logged_cost > 0
),

repriced as (
    select
        *,
        input_charge + output_charge + cache_read_charge + cache_write_5m_charge
            as cost_but_1h_writes,
        (cache_write_1h_tokens * cache_write_5m_rate)::decimal(38, 12) as short_writes,
        cache_write_1h_charge as long_writes
    from charged('other_way')
),

explained as (
    select source, response_key, arg_min(reason, rank) as reason
    from (
        select source, response_key, logged_cost, unnest([
            {
                'rank': if(is_same_price, 1, 5),
                'reason': if(is_same_price, '1-hour cache writes', 'price changed'),
                'cost': case when is_same_tier and is_same_service
                    then cost_but_1h_writes + short_writes + web_search_cost
                end
            },
            {
                'rank': 2,
                'reason': 'web searches',
                'cost': case when is_same_price and is_same_tier and is_same_service
                    then cost_but_1h_writes + long_writes
                end
            },
            {
                'rank': 3,
                'reason': 'long-context tier',
                'cost': case when is_same_service and not is_same_tier
                    then cost_but_1h_writes + long_writes + web_search_cost
                end
            },
            {
                'rank': 3,
                'reason': 'long-context tier',
                'cost': case when is_same_service and not is_same_tier
                    then cost_but_1h_writes + short_writes
                end
            },
            {
                'rank': 4,
                'reason': 'fast, batch or US service',
                'cost': case when is_same_price and is_same_tier and not is_same_service
                    then cost_but_1h_writes + long_writes + web_search_cost
                end
            },
            {
                'rank': 4,
                'reason': 'fast, batch or US service',
                'cost': case when is_same_price and is_same_tier and not is_same_service
                    then cost_but_1h_writes + short_writes
                end
            },
            {
                'rank': 5,
                'reason': 'price changed',
                'cost': case when is_same_tier and is_same_service and not is_same_price
                    then cost_but_1h_writes + long_writes + web_search_cost
                end
            }
        ], recursive := true)
        from repriced
    )
    where abs(cost - logged_cost) <= 0.000001
    group by source, response_key
),

compared as (
    select
        usage.source,
        usage.session_id,
        usage.model,
        usage.cost,
        usage.logged_cost,
        coalesce(abs(usage.cost - usage.logged_cost), usage.logged_cost) as gap,
        case
            when usage.cost_basis = 'logged' then 'equal: no price in our table'
            when usage.cost is null then 'no price in our table'
            when usage.cost = usage.logged_cost then 'equal'
            when usage.logged_cost = 0 then 'logged 0: unpriced or a subscription'
            when gap <= 0.000001 then 'rounding'
            else coalesce(explained.reason, 'other prices')
        end as reason
    from usage
    left join explained using (source, response_key)
),

by_reason as (
    select
        source,
        session_id,
        model,
        reason,
        count(*) as responses,
        count(logged_cost) as compared_responses,
        sum(cost) filter (logged_cost is not null) as ours,
        sum(logged_cost) as theirs,
        sum(gap) as gap
    from compared
    group by all
),

per_response as (
    select
        source,
        session_id,
        model,
        'per response' as basis,
        sum(ours) as ours,
        sum(theirs) as theirs,
        sum(responses)::bigint as responses,
        sum(compared_responses)::bigint as compared_responses,
        arg_max(reason, (gap, compared_responses, reason)) filter (compared_responses > 0)
            as reason
    from by_reason
    group by source, session_id, model
    having sum(compared_responses) > 0
),

-- a session is compared as a whole: its snapshots have no days
session_cost as (
    select
        source,
        session_id,
        response.model,
        sum(cost) as ours,
        sum(cost - cache_write_cost
            + (cache_write_5m_tokens + cache_write_1h_tokens) * rate.cache_write_5m_rate
        )::decimal(38, 12) as ours_with_short_writes,
        sum(total_tokens) as tokens,
        bool_or(response.price_tier = 'long_context') as has_long_context,
        count(*) as responses
    from response
    left join rate
        on response.price_provider = rate.provider
        and response.model = rate.model
        and response.price_from = rate.price_from
        and response.price_tier = rate.price_tier
        and response.price_multiplier = rate.multiplier
    group by source, session_id, response.model
),

snapshot_name as (
    select logged_model, min(model) as model from priced_responses group by logged_model
),

snapshot as (
    select
        source,
        session_id,
        regexp_replace(model, '\[[^\]]*\]$', '') as logged_model,
        max(amount_of(cost))::decimal(38, 12) as cost,
        max(
            coalesce(count_of(input_tokens), 0) + coalesce(count_of(output_tokens), 0)
            + coalesce(count_of(cache_read_tokens), 0) + coalesce(count_of(cache_write_tokens), 0)
        ) as tokens
    from cost_states
    where amount_of(cost) is not null
    group by source, session_id, cost_states.model
),

session_theirs as (
    select
        source,
        session_id,
        coalesce(snapshot_name.model, logged_model) as model,
        sum(cost) as theirs,
        sum(tokens) as their_tokens
    from snapshot
    left join snapshot_name using (logged_model)
    group by all
),

filters as (
    select
        coalesce(getvariable('model_filter'), getvariable('provider_filter')) is not null
            as is_by_model,
        not is_by_model
        and coalesce(getvariable('since_at'), getvariable('until_at')) is null
        and coalesce(
            getvariable('session_filter'), getvariable('project_filter'),
            getvariable('agent_filter'), getvariable('branch_filter')
        ) is null as is_whole
),

cost_state as (
    select
        source,
        session_id,
        model,
        'cost-state' as basis,
        if(responses is null, 0, ours) as ours,
        theirs,
        coalesce(responses, 0) as responses,
        coalesce(responses, 0) as compared_responses,
        case
            when responses is null then 'calls that are in no transcript'
            when ours is null then 'no price in our table'
            when ours = theirs then 'equal'
            when abs(ours - theirs) <= 0.000001 then 'rounding'
            when theirs = 0 then 'logged 0: unpriced or a subscription'
            when abs(ours_with_short_writes - theirs) <= 0.000001 then '1-hour cache writes'
            when their_tokens > tokens then 'calls that are in no transcript'
            when their_tokens < tokens then 'responses after the last cost-state'
            when has_long_context then 'long-context tier'
            else 'price changed'
        end as reason
    from session_theirs
    left join session_cost using (source, session_id, model)
    cross join filters
    where is_whole
        or (source, session_id, model) in (select (source, session_id, model) from usage)
        or (
            not is_by_model
            and (source, session_id) in (select (source, session_id) from usage)
        )
)

select
    source,
    session_id,
    model,
    basis,
    ours,
    theirs,
    ours - theirs as difference,
    responses,
    compared_responses,
    reason
from (
    from per_response
    union all by name
    from cost_state
)
order by abs(difference) desc nulls last, source, session_id, model, basis
