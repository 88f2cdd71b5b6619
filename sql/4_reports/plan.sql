-- What the API would have charged at list price, against what you paid for a subscription.
--
-- The subscription comes from [plan] in the config file (name, monthly_usd, since) or from options.
-- paid is the share of its monthly price for the days of the month that it covers, up to today;
-- without a first day, it covers all days since the first usage. Usage on other days is listed
-- separately. multiple is the list price divided by paid: what the usage is worth in API prices,
-- not a bill and not a saving. Use filters to say what the subscription is used for: --source
-- claude_code, --provider anthropic.
--
-- @param monthly_usd NUMBER Price of the subscription, in dollars a month.
-- @column month First day of the month.
-- @column plan Name of the subscription. {text, optional}
-- @column days Days of the month that the subscription covers, up to today. {days}
-- @column responses Responses of these days. {responses}
-- @column list_cost List price of these days: what the API would have charged. {USD}
-- @column paid Price of the subscription for these days. {USD}
-- @column multiple List price divided by paid.
-- @column uncovered_cost List price of the days that the subscription does not cover. {USD, optional}
-- @column unpriced_responses Responses not in any sum: price unknown. {responses, optional}
-- @total days, responses, list_cost, paid, uncovered_cost, unpriced_responses
-- @example --monthly-usd 200
with daily as materialized (
    select
        responded_at::date as day,
        count(*) as responses,
        sum(cost) as cost,
        count(*) filter (cost is null) as unpriced_responses
    from usage
    where responded_at is not null
    group by all
),

span as (
    select
        coalesce(getvariable('plan_since')::date, min(day)) as covered_from,
        greatest(
            least(covered_from, min(day)), getvariable('since_at')::date
        ) as first_day,
        least(
            getvariable('now')::date, (getvariable('until_at')::date - 1)
        ) as last_day
    from daily
),

calendar as (
    select
        unnest(range(first_day, last_day + 1, interval 1 day))::date as day,
        date_trunc('month', day)::date as month,
        day >= covered_from as is_covered
    from span
),

monthly as (
    select
        month,
        count(*) filter (is_covered) as days,
        coalesce(sum(responses) filter (is_covered), 0)::bigint as responses,
        if(
            count(responses) filter (is_covered) = 0, 0, sum(cost) filter (is_covered)
        )::decimal(38, 12) as list_cost,
        (
            coalesce(getvariable('param_monthly_usd'), getvariable('plan_monthly_usd'))
            * count(*) filter (is_covered)
            / day(last_day(month))
        )::decimal(38, 12) as paid,
        if(
            count(responses) filter (not is_covered) = 0, 0, sum(cost) filter (not is_covered)
        )::decimal(38, 12) as uncovered_cost,
        coalesce(sum(unpriced_responses), 0)::bigint as unpriced_responses
    from calendar
    left join daily using (day)
    group by month
)

select
    month,
    getvariable('plan_name') as plan,
    days,
    responses,
    list_cost,
    paid,
    round((list_cost / nullif(paid, 0))::decimal(38, 9), 2) as multiple,
    uncovered_cost,
    unpriced_responses
from monthly
where responses > 0 or uncovered_cost > 0 or paid is not null
order by month
