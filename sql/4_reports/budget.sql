-- Spending against the budgets: this month and today, and this month per project and agent.
--
-- Budgets come from [budget] in the config file (monthly, daily, and the tables [budget.projects]
-- and [budget.agents]) or from options. A project is named by its path or the end of it. All costs
-- are list prices. The projection is the cost so far divided by the day of the month, times the
-- days of the month.
--
-- @param monthly NUMBER Budget of the month, in dollars.
-- @param daily NUMBER Budget of the day, in dollars.
-- @param fail_over NUMBER Exit with code 5 if this percentage of a budget is used; needs a budget.
-- @column scope all, project or agent.
-- @column name Project or agent, as the config file names it. {text, optional}
-- @column period month or day.
-- @column since First day of the period. {day, optional}
-- @column spent List price so far. {USD}
-- @column budget What may be spent; NULL if no budget is set. {USD}
-- @column percent_used Spent, in percent of the budget; NULL for a budget of 0. {%}
-- @column remaining Budget minus spent. {USD}
-- @column projected Cost of the whole month at this pace. {USD}
-- @column projected_percent Projected cost in percent of the budget. {%, optional}
-- @column unpriced_responses Responses not in any sum: price unknown. {responses, optional}
-- @column hint A note if nothing has the name of the budget, which may be misspelled. {, if any}
-- @exit 5 when spent * 100 >= budget * getvariable('param_fail_over') and spent > 0
-- @example
-- @example --monthly 600 --daily 25
with paced as (
    select
        *,
        if(
            period = 'month', date_trunc('month', getvariable('now')::date), getvariable('now')
        )::date as since,
        if(period = 'month', month_at_pace(spent, getvariable('now')::date), null) as projected,
        getvariable('param_fail_over') is not null and count(budget) over () = 0 as lacks_budget
    from budget_spending
)

select
    if(
        lacks_budget,
        error(
            'clawtrace: --fail-over needs a budget: set [budget] in the config file, '
            || 'or give --monthly or --daily.'
        ),
        scope
    ) as scope,
    name,
    period,
    since,
    spent,
    budget,
    round((spent * 100 / nullif(budget, 0))::decimal(38, 9), 1) as percent_used,
    budget - spent as remaining,
    projected,
    round((projected * 100 / nullif(budget, 0))::decimal(38, 9), 1) as projected_percent,
    unpriced_responses,
    if(
        responses = 0 and name is not null,
        format('No usage of {} {} this month.', scope, name),
        null
    ) as hint
from paced
order by position, name
