-- What is expected of each day, by either method of the report anomalies: of all usage, of each
-- project and of each model.
with spent as materialized (
    select
        unnest([
            {'split': 'all', 'name': 'all'},
            {'split': 'project', 'name': coalesce(project_name, 'unknown')},
            {'split': 'model', 'name': coalesce(model, 'unknown')}
        ]) as subject,
        responded_at::date as day,
        cost
    from usage_history
    left join projects using (project)
    where cost is not null and responded_at is not null
),

expected_cost as (
    select 'rolling' as method, * from expected_costs('spent', 'rolling')
    union all
    select 'robust', * from expected_costs('spent', 'robust')
)

select
    method,
    subject.split as split,
    subject.name as name,
    day,
    expected,
    usual_limit
from expected_cost
order by method, split, name, day
