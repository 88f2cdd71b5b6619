-- Spending against each budget this month, or today, up to the end of today. One row per budget.
--
-- Budgets come from [budget] in the config file, and from the report's options if it has any. The
-- first two rows, for everything in the month and on the day, are there even without a budget.
--
-- @column position Sort order of the rows.
-- @column scope all, project or agent.
-- @column name Project or agent, as the config file names it.
-- @column period month or day.
-- @column budget What may be spent; NULL if no budget is set.
-- @column spent List price so far. {USD}
-- @column responses Model responses.
-- @column unpriced_responses Responses not in any sum: price unknown.
with budgets as (
    select
        1 as position,
        'all' as scope,
        null as name,
        'month' as period,
        coalesce(getvariable('param_monthly'), getvariable('budget_monthly'))::decimal(18, 6) as budget
    union all
    select 2, 'all', null, 'day', coalesce(getvariable('param_daily'), getvariable('budget_daily'))
    union all
    select 3, 'project', key, 'month', value
    from (
        select unnest(
            map_entries(getvariable('budget_projects')::map(varchar, decimal(18, 6))),
            recursive := true
        )
    )
    union all
    select 4, 'agent', key, 'month', value
    from (
        select unnest(
            map_entries(getvariable('budget_agents')::map(varchar, decimal(18, 6))),
            recursive := true
        )
    )
),

spending as (
    select
        replace(lower(project), '\', '/') as project,
        lower(agent) as agent,
        responded_at::date = getvariable('now')::date as is_today,
        sum(cost) as cost,
        count(*) as responses,
        count(*) filter (cost is null) as unpriced_responses
    from usage
    where responded_at >= date_trunc('month', getvariable('now')::date)::timestamptz
        and responded_at < (getvariable('now')::date + 1)::timestamptz
    group by all
)

select
    position,
    scope,
    name,
    period,
    budget,
    if(count(responses) = 0, 0, sum(cost))::decimal(38, 12) as spent,
    coalesce(sum(responses), 0)::bigint as responses,
    coalesce(sum(unpriced_responses), 0)::bigint as unpriced_responses
from budgets
left join spending
    on case scope
        when 'project' then project = replace(lower(name), '\', '/')
            or ends_with(project, '/' || replace(lower(name), '\', '/'))
        when 'agent' then agent = lower(name)
        else period = 'month' or is_today
    end
group by position, scope, name, period, budget
