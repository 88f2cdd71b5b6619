-- Cost and tokens by any one or two dimensions.
--
-- Times are in chronological order, everything else most expensive first. speed and service-tier
-- are as logged.
--
-- @argument dimension TEXT(model|provider|project|agent|source|session|branch|
-- hour|day|week|month|weekday|machine|speed|service-tier)
-- What to group by.
-- @argument second TEXT(model|provider|project|agent|source|session|branch|
-- hour|day|week|month|weekday|machine|speed|service-tier)=
-- What to group by within that.
-- @column value Value of the first dimension.
-- @column second_value Value of the second dimension; NULL if none is named. {, if any}
-- @key value, second_value
-- @top 200
-- @example model
-- @example project weekday
-- @example agent model --last 7d
with summed as (
    select key.first as first, key.second as second, usage_sum.* exclude (key)
    from usage_by({
        'first': dimension_of(getvariable('param_dimension'), usage),
        'second': dimension_of(getvariable('param_second'), usage)
    }) as usage_sum
),

ordered as (
    select
        *,
        max(cost) over (partition by first) as first_cost,
        max(cost) over (partition by first, second) as second_cost,
        place_in_time(getvariable('param_dimension'), first) as first_place,
        place_in_time(getvariable('param_second'), second) as second_place
    from summed
),

-- finding the projects takes a pass over the lines: done once for both dimensions
named as (
    select map(list(project), list(project_name)) as names
    from projects
    where 'project' in (getvariable('param_dimension'), getvariable('param_second'))
)

select
    if(getvariable('param_dimension') = 'project', coalesce(names[first], first), first) as value,
    if(getvariable('param_second') = 'project', coalesce(names[second], second), second) as second_value,
    ordered.* exclude (first, second, first_cost, second_cost, first_place, second_place)
from ordered
cross join named
order by
    first_place, first_cost desc nulls last, first,
    second_place, second_cost desc nulls last, second,
    is_part, cost desc nulls last, part
