-- Models in the logs, with the price table's model for each. One row per logged provider and model.
--
-- Names must match exactly, in their normalised spelling (plain_name_of), or through aliases.csv
-- (price_names). The row of a host is used only if the log names that provider, either as such or
-- before the model's name. If the log names none, the provider is the one whose table has the
-- model; a row that the user added for another provider does not change that. Models that a local
-- runtime only passes on to its cloud are not free.
--
-- @table
-- @column logged_provider Provider as logged.
-- @column logged_model Model as logged.
-- @column provider Provider named by the log, else the one whose table has the model.
-- @column price_provider Provider in the price table; NULL when the model has no price.
-- @column price_model Model in the price table; NULL when the model has no price.
-- @column is_local True for a local runtime, which charges nothing.
with logged as (
    select distinct * from (
        select provider as logged_provider, model as logged_model
        from line_groups
        where line_kind in ('usage', 'model_change')
        union all
        select provider, call.model from (
            select provider, unnest(flatten(advisors)) as call from line_groups where has_advisors
        )
    )
),

reseller as (
    select provider, price_provider from model_aliases where model = '*'
),

named as (
    select
        logged_provider,
        logged_model,
        plain_name_of(logged_model) as plain_name,
        coalesce(
            nullif(replace(lower(logged_provider), '_', '-'), ''),
            nullif(replace(lower(regexp_extract(logged_model, '^([^/]+)/', 1)), '_', '-'), '')
        ) as provider,
        coalesce(lower(logged_model) like '%:cloud' or lower(logged_model) like '%-cloud', false)
            as is_cloud
    from logged
)

select
    logged_provider,
    logged_model,
    coalesce(named.provider, target.provider) as provider,
    target.provider as price_provider,
    target.model as price_model,
    coalesce(target.model = '*', false) as is_local
from named
left join reseller on named.provider = reseller.provider
left join price_names as target
    on (
        target.plain_name = named.plain_name
        or (target.model = '*' and not is_cloud)
    )
    and case
        when reseller.price_provider = '*' then target.model <> '*'
        when named.provider is null then target.model <> '*'
        else target.provider in (reseller.price_provider, named.provider)
    end
qualify row_number() over (
    partition by logged_provider, logged_model
    order by
        coalesce(target.provider = named.provider, false) desc,
        target.is_own_alone,
        target.provider,
        target.model
) = 1
