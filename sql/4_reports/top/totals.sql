-- The keys of the usage-tracking skill's report.
--
-- Transcripts do not say how long a call took or whether it failed: those keys are NULL.
--
-- @object
-- @column summary Calls, tokens and cost of everything that passes the filters.
-- @column byAgent The same per agent, most expensive first.
-- @column byProvider The same per provider.
-- @column byModel The same per model.
-- @column topAgents The first agents, as many as --count says.
-- @column topModels The first models.
with used as (
    select key, responses, input_tokens, output_tokens, cache_read_tokens, cost, unpriced_responses
    from usage_by({'agent': agent, 'provider': provider, 'model': model})
    where not is_part
),

facet as (
    select
        unnest(['agent', 'provider', 'model', 'all']) as dimension,
        unnest([key.agent, key.provider, key.model, null]) as name,
        used.* exclude (key)
    from used
),

summed as (
    select
        dimension,
        name,
        sum(responses)::bigint as calls,
        sum(responses - unpriced_responses)::bigint as priced_calls,
        sum(input_tokens)::bigint as input_tokens,
        sum(output_tokens)::bigint as output_tokens,
        sum(cache_read_tokens)::bigint as cache_read_tokens,
        sum(cost) as cost
    from facet
    group by dimension, name
),

listed as (
    select
        coalesce(
            list({
                'agent': name,
                'call_count': calls,
                'total_input_tokens': input_tokens,
                'total_output_tokens': output_tokens,
                'total_cost_usd': cost
            } order by cost desc nulls last, name) filter (dimension = 'agent'),
            []
        ) as "byAgent",
        coalesce(
            list({
                'provider': name,
                'call_count': calls,
                'total_input_tokens': input_tokens,
                'total_output_tokens': output_tokens,
                'total_cost_usd': cost
            } order by cost desc nulls last, name) filter (dimension = 'provider'),
            []
        ) as "byProvider",
        coalesce(
            list({
                'model': name,
                'call_count': calls,
                'total_input_tokens': input_tokens,
                'total_output_tokens': output_tokens,
                'total_cost_usd': cost
            } order by cost desc nulls last, name) filter (dimension = 'model'),
            []
        ) as "byModel"
    from summed
),

total as (
    select
        coalesce(sum(calls), 0)::bigint as total_calls,
        coalesce(sum(input_tokens), 0)::bigint as total_input_tokens,
        coalesce(sum(output_tokens), 0)::bigint as total_output_tokens,
        coalesce(sum(cache_read_tokens), 0)::bigint as total_cache_read_tokens,
        if(count(*) = 0, 0, sum(cost)) as total_cost_usd,
        (sum(cost) / nullif(sum(priced_calls), 0))::decimal(38, 6) as avg_cost_per_call,
        null::double as avg_duration_ms,
        null::bigint as error_count,
        null::varchar as error_rate
    from summed
    where dimension = 'all'
)

select
    total as summary,
    listed.*,
    "byAgent"[:getvariable('param_count')] as "topAgents",
    "byModel"[:getvariable('param_count')] as "topModels"
from total
cross join listed
