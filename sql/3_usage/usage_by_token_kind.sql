-- Usage summed by a key and the kind of token. One row per key and kind that was used.
--
-- Web searches are a kind that costs without tokens. If only the sum of a cost is known, because
-- the agent logged it and there is no price, its kind is "not split".
--
-- @macro group_key
-- @column key Key.
-- @column kind input, output, cache_read, cache_write_5m, cache_write_1h, web_search or not split.
-- @column responses Responses with that kind. {responses}
-- @column tokens Tokens of that kind. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses with that kind, price unknown. {responses, optional}
with keyed as (
    select *, group_key as key from usage
),

charged_kind as (
    select
        key,
        cost is null as is_unpriced,
        unnest(kinds_of(
            input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens, web_searches, input_cost, output_cost, cache_read_cost,
            cache_write_5m_cost, cache_write_1h_cost, web_search_cost
        ), recursive := true)
    from keyed
)

select
    key,
    kind,
    count(*) as responses,
    sum(if(kind = 'web_search', 0, quantity))::bigint as tokens,
    sum(cost) as cost,
    count(*) filter (is_unpriced) as unpriced_responses
from charged_kind
where quantity > 0
group by key, kind
union all
select key, 'not split', count(*), 0, sum(cost), 0
from keyed
where cost_basis = 'logged'
group by key
