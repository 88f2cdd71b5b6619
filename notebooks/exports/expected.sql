-- The cost expected on each day, by both methods of the report anomalies: for all usage, for each
-- project and for each model.
with spent as (
    select subject, day, sum(cost) as cost
    from (
        select
            unnest([
                'all',
                'project ' || coalesce(project_name, 'unknown'),
                'model ' || coalesce(model, 'unknown')
            ]) as subject,
            responded_at::date as day,
            cost
        from usage_history
        left join projects using (project)
        where cost is not null and responded_at is not null
    )
    group by all
),

days as materialized (select list(spent) as spent from spent),

expected_cost as (
    select 'rolling' as method, * from expected_costs((select spent from days), 'rolling')
    union all
    select 'robust', * from expected_costs((select spent from days), 'robust')
)

select method, subject, day, expected, usual_limit
from expected_cost
order by method, subject, day
