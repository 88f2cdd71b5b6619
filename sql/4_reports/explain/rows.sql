-- Where a cost comes from: every response of a day or session, or a single one, priced per kind of
-- token.
--
-- Takes a day (2026-05-01), the start of a session id, or a response_key. The log lines of the
-- first 100 responses are listed.
--
-- @argument what TEXT A day, the start of a session id, or a response_key.
-- @column response_key Identifies the response.
-- @column responded_at Time of its first log line.
-- @column model Model, as the price table names it.
-- @column kind Kind of token, or web_search. {line}
-- @column quantity Tokens, or searches. {tokens}
-- @column price Price in force, per million tokens or per search. {USD/M}
-- @column multiplier Product of the fast, batch and US factors. {factor}
-- @column cost Quantity times price times multiplier; without a price, what the log says. {USD exact}
-- @column price_tier base or long_context. {, optional}
-- @column price_row Provider, model and first day of the price, and its file. {, optional}
-- @column price_source Source of the price. {text, optional}
-- @total cost
-- @top 200
-- @example 2026-04-23
with asked as (
    select if(
        regexp_full_match(what, '[0-9]{4}-[0-9]{2}-[0-9]{2}') and try_cast(what as date) is null,
        error(format('clawtrace: WHAT is not a day: ''{}''.', what)),
        what
    ) as what
    from (select getvariable('param_what') as what)
),

explained as (
    select *
    from usage
    cross join asked
    where (responded_at::date)::varchar = what
        or starts_with(session_id, what)
        or response_key = what
),

kind as (
    select
        response_key,
        source,
        unnest(kinds_of(
            input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens, web_searches, input_cost, output_cost, cache_read_cost,
            cache_write_5m_cost, cache_write_1h_cost, web_search_cost
        ) || [
            {
                'position': 7,
                'kind': coalesce(cost_basis, 'unpriced'),
                'quantity': if(coalesce(cost_basis, '') in ('list', 'free'), 0, total_tokens),
                'cost': if(coalesce(cost_basis, '') in ('list', 'free'), null, cost)
            }
        ], recursive := true)
    from explained
)

select
    explained.response_key,
    responded_at,
    explained.model,
    kind.kind,
    kind.quantity,
    case kind.kind
        when 'input' then if(price_tier = 'base', input_price, input_price_above)
        when 'output' then if(price_tier = 'base', output_price, output_price_above)
        when 'cache_read' then if(price_tier = 'base', cache_read_price, cache_read_price_above)
        when 'cache_write_5m'
            then if(price_tier = 'base', cache_write_5m_price, cache_write_5m_price_above)
        when 'cache_write_1h'
            then if(price_tier = 'base', cache_write_1h_price, cache_write_1h_price_above)
        when 'web_search' then (web_search_price * 0.001::decimal(3, 3))::decimal(12, 6)
    end as price,
    case when kind.kind <> 'web_search' then price_multiplier end as multiplier,
    kind.cost,
    price_tier,
    case when prices.model is not null then concat_ws(
        ' ', prices.provider, prices.model, coalesce(prices.effective_from::varchar, 'always'),
        'in', regexp_extract(price_file, '[^/\\]+$')
    ) end as price_row,
    prices.source as price_source
from explained
inner join kind using (response_key, source)
left join priced_models
    on explained.logged_model is not distinct from priced_models.logged_model
    and explained.logged_provider is not distinct from priced_models.logged_provider
left join prices
    on priced_models.price_provider = prices.provider
    and priced_models.price_model = prices.model
    and coalesce(explained.price_from, date '-infinity')
        = coalesce(prices.effective_from, date '-infinity')
where kind.quantity > 0
order by responded_at, explained.response_key, position
