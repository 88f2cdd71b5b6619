-- What was spent of the budgets: this month and today, and this month per project and agent.
--
-- Budgets come from [budget] in the config file (monthly, daily, and the tables [budget.projects]
-- and [budget.agents]) or from options. A project is named by its path or the end of it. All costs
-- are list prices. Projected is the cost so far by the day of the month, times the days of it.
--
-- @param monthly NUMBER Budget of the month, in dollars.
-- @param daily NUMBER Budget of the day, in dollars.
-- @param fail_over NUMBER Exit with 5 if this percentage of a budget is used.
-- @column scope all, project or agent.
-- @column name Project or agent, as the config file names it. {text, optional}
-- @column period month or day.
-- @column since First day of it. {day, optional}
-- @column spent List price so far. {USD}
-- @column budget What may be spent; NULL where none is set. {USD}
-- @column percent_used Spent, in percent of the budget. {%}
-- @column remaining Budget less spent. {USD}
-- @column projected Cost of the whole month at this pace. {USD}
-- @column projected_percent That, in percent of the budget. {%, optional}
-- @column unpriced_responses Responses that are in no sum: nobody knows their price. {responses, optional}
-- @exit 5 when spent * 100 >= budget * getvariable('fail_over')
-- @example
-- @example --monthly 600 --daily 25
with calendar as (
    select
        getvariable('now')::date as today,
        date_trunc('month', getvariable('now'))::date as month,
        day(getvariable('now')::date) as day_of_month,
        day(last_day(getvariable('now')::date)) as days_in_month
),

budgets as (
    select
        1 as position,
        'all' as scope,
        null as name,
        'month' as period,
        coalesce(getvariable('monthly'), getvariable('budget_monthly')) as budget
    union all
    select 2, 'all', null, 'day', coalesce(getvariable('daily'), getvariable('budget_daily'))
    union all
    select 3, 'project', key, 'month', value
    from (select unnest(map_entries(getvariable('budget_projects')), recursive := true))
    union all
    select 4, 'agent', key, 'month', value
    from (select unnest(map_entries(getvariable('budget_agents')), recursive := true))
),

spending as (
    select
        replace(lower(project), '\', '/') as project,
        lower(agent) as agent,
        responded_at::date = today as is_today,
        sum(cost) as cost,
        count(*) filter (cost is null) as unpriced_responses
    from usage
    cross join calendar
    where responded_at >= month::timestamptz
        and responded_at < (month + interval 1 month)::timestamptz
    group by all
),

used as (
    select
        position,
        scope,
        name,
        period,
        budget,
        if(count(agent) = 0, 0, sum(cost))::decimal(38, 12) as spent,
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
),

paced as (
    select
        *,
        if(period = 'month', month, today) as since,
        if(period = 'month', (spent * days_in_month / day_of_month)::decimal(38, 12), null)
            as projected
    from used
    cross join calendar
)

select
    scope,
    name,
    period,
    since,
    spent,
    budget,
    round((spent * 100 / budget)::decimal(38, 9), 1) as percent_used,
    budget - spent as remaining,
    projected,
    round((projected * 100 / budget)::decimal(38, 9), 1) as projected_percent,
    unpriced_responses
from paced
order by position, name
