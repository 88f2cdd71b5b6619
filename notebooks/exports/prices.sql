-- Every price with the days it applies to, and what was used at that price.
with used as (
    select
        priced_as.provider as provider,
        priced_as.model as model,
        price_from,
        count(*) as responses,
        sum(cost) as cost
    from usage
    where cost_basis = 'list'
    group by all
)

select
    prices.provider,
    prices.model,
    effective_from,
    holds_until,
    input_price,
    output_price,
    cache_read_price,
    cache_write_5m_price,
    cache_write_1h_price,
    confidence,
    coalesce(responses, 0)::bigint as responses,
    coalesce(cost, 0)::decimal(38, 12) as cost
from prices
left join used
    on prices.provider = used.provider
    and prices.model = used.model
    and prices.effective_from is not distinct from used.price_from
order by prices.provider, prices.model, effective_from nulls first
