-- Usage summed up by a key and the kind of token. One row per key and kind that was used.
--
-- Web searches are a kind that costs without tokens. A cost that is only known as a sum, because
-- the agent logged it and no price is known, is of the kind "not split".
--
-- @macro group_key
-- @column key Key.
-- @column kind input, output, cache_read, cache_write_5m, cache_write_1h, web_search or not split.
-- @column responses Responses with that kind. {responses}
-- @column tokens Tokens of that kind. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses with that kind, whose price nobody knows. {responses, optional}
with keyed as (
    select *, group_key as key, coalesce(cost_basis = 'logged', false) as is_logged from usage
),

summed as (
    select
        key,
        unnest([
            {
                'kind': 'input',
                'responses': count(*) filter (input_tokens > 0),
                'tokens': sum(input_tokens),
                'cost': sum(input_cost) filter (input_tokens > 0),
                'unpriced_responses': count(*) filter (input_tokens > 0 and cost is null)
            },
            {
                'kind': 'output',
                'responses': count(*) filter (output_tokens > 0),
                'tokens': sum(output_tokens),
                'cost': sum(output_cost) filter (output_tokens > 0),
                'unpriced_responses': count(*) filter (output_tokens > 0 and cost is null)
            },
            {
                'kind': 'cache_read',
                'responses': count(*) filter (cache_read_tokens > 0),
                'tokens': sum(cache_read_tokens),
                'cost': sum(cache_read_cost) filter (cache_read_tokens > 0),
                'unpriced_responses': count(*) filter (cache_read_tokens > 0 and cost is null)
            },
            {
                'kind': 'cache_write_5m',
                'responses': count(*) filter (cache_write_5m_tokens > 0),
                'tokens': sum(cache_write_5m_tokens),
                'cost': sum(cache_write_5m_cost) filter (cache_write_5m_tokens > 0),
                'unpriced_responses': count(*) filter (cache_write_5m_tokens > 0 and cost is null)
            },
            {
                'kind': 'cache_write_1h',
                'responses': count(*) filter (cache_write_1h_tokens > 0),
                'tokens': sum(cache_write_1h_tokens),
                'cost': sum(cache_write_1h_cost) filter (cache_write_1h_tokens > 0),
                'unpriced_responses': count(*) filter (cache_write_1h_tokens > 0 and cost is null)
            },
            {
                'kind': 'web_search',
                'responses': count(*) filter (web_searches > 0),
                'tokens': 0,
                'cost': sum(web_search_cost) filter (web_searches > 0),
                'unpriced_responses': count(*) filter (web_searches > 0 and cost is null)
            },
            {
                'kind': 'not split',
                'responses': count(*) filter (is_logged),
                'tokens': 0,
                'cost': sum(cost) filter (is_logged),
                'unpriced_responses': 0
            }
        ], recursive := true)
    from keyed
    group by key
)

select key, kind, responses, tokens::bigint as tokens, cost, unpriced_responses
from summed
where responses > 0
