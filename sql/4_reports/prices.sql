-- Prices in force, since when and from which source; the models you use first.
--
-- @param unpriced BOOLEAN List the models in your logs that have no price instead.
-- @column provider Who sells at this price.
-- @column model Name of the model in the price table; with --unpriced, as logged.
-- @column responses Your responses of this model. {responses}
-- @column since First UTC day of the price; NULL if the start is unknown.
-- @column input Uncached input. {USD/M}
-- @column output Output. {USD/M}
-- @column cache_read Cached input. {USD/M}
-- @column cache_write_5m Short-lived cache write. {USD/M, optional}
-- @column cache_write_1h Long-lived cache write. {USD/M}
-- @column long_context_threshold Prompt size above which higher prices apply. {tokens, optional}
-- @column confidence high, med or low. {, optional}
-- @column price_source Source of the price. {, optional}
-- @top 60
-- @example
-- @example --unpriced
with used as (
    select provider, model, cost_basis, count(*) as responses
    from usage
    group by all
),

in_force as (
    select *
    from prices
    where coalesce(getvariable('now') at time zone 'UTC' >= effective_from, true)
        and coalesce(getvariable('now') at time zone 'UTC' < holds_until, true)
)

select
    in_force.provider,
    in_force.model,
    coalesce(sum(used.responses), 0)::bigint as responses,
    effective_from as since,
    input_price as "input",
    output_price as "output",
    cache_read_price as cache_read,
    cache_write_5m_price as cache_write_5m,
    cache_write_1h_price as cache_write_1h,
    long_context_threshold,
    confidence,
    source as price_source
from in_force
left join used on in_force.model = used.model and used.cost_basis = 'list'
where not coalesce(getvariable('param_unpriced'), false)
group by all
union all by name
select provider, model, responses
from used
where getvariable('param_unpriced') and coalesce(cost_basis, 'logged') = 'logged'
order by responses desc, provider, model
