-- The model of the price table that --model names, as listed or by an alias. One row.
--
-- An unknown name is an error that suggests the most similar names.
--
-- @column provider Who sells it.
-- @column model Its name in the price table.
with named as (
    select provider, model, model as name from prices where model <> '*'
    union
    select provider, price_model, model from model_aliases where model <> '*'
),

spelled as (
    select
        *,
        replace(lower(name), '.', '-') as plain_name,
        replace(lower(getvariable('param_model')), '.', '-') as asked_name
    from named
),

found as (
    select min({'provider': provider, 'model': model}) as it
    from spelled
    where asked_name in (plain_name, provider || '/' || plain_name)
),

near as (
    select string_agg(name, ', ' order by place) as names
    from (
        select
            name,
            row_number() over (order by
                contains(plain_name, asked_name) desc,
                if(contains(plain_name, asked_name), len(name), 0),
                jaro_winkler_similarity(plain_name, asked_name) desc,
                name
            ) as place
        from spelled
        qualify place <= 3
    )
)

select unnest(coalesce(
    it,
    error(format(
        'clawtrace: there is no price for a model ''{}''. Similar names: {}. See ''clawtrace prices''.',
        getvariable('param_model'), names
    ))
))
from found
cross join near
