-- Spending today, this month and last month, the projected month-end cost, and the budget.
--
-- Then by agent, by model and by day over the timeframe, and by hour over the last 24 hours. The
-- budget is [budget] monthly in the config file.
--
-- @param timeframe DAYS=30 Days up to today that agents, models and the daily series cover.
-- @column period Span of days, in --timezone.
-- @column since Its first day.
-- @column until Its last day.
-- @column cost List price; projected: month to date / days so far (today included) * days of the month. {USD}
-- @example
-- @example --timeframe 7d
with spent as (
    select *
    from usage_during([
        span_of(1, 'today'),
        span_of(2, 'yesterday'),
        span_of(3, 'this month'),
        span_of(4, 'last month'),
        span_of(7, format('last {} days', getvariable('param_timeframe')))
    ])
),

month as (select *, last_day(since) as last_day from spent where period = 'this month'),

figure as (
    select
        position, period, since, until, responses, sessions, total_tokens, cost, unpriced_responses
    from spent
    union all by name
    select
        5 as position,
        'projected' as period,
        since,
        last_day as until,
        month_at_pace(cost, until) as cost
    from month
    union all by name
    select
        6 as position,
        'budget' as period,
        since,
        last_day as until,
        getvariable('budget_monthly')::decimal(38, 12) as cost
    from month
)

select * exclude (position)
from figure
order by position
