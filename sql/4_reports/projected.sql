-- What this month will cost by its end, projected by pace and by weekday.
--
-- projected is the month to date divided by the day of the month, times the days of the month.
-- by_weekday adds to the month to date, for each day that is left, the mean of its weekday over the
-- 8 weeks before today, from the first day of usage on and with days without usage as 0; for the
-- rest of today, the amount by which its mean exceeds today's cost. low and high use the lower and
-- upper quartile of the weekday (the cost that a quarter, or three quarters, of its days do not
-- exceed) instead of its mean, or the mean itself if a few extreme days put it beyond the quartile:
-- a range for weeks like the last eight, not a promise. A weekday that has not occurred yet counts
-- like all days. All costs are list prices.
--
-- @column month First day of the month.
-- @column day Today's day of the month.
-- @column days Days of the month.
-- @column month_to_date List price so far. {USD}
-- @column last_month List price of the whole previous month. {USD}
-- @column projected Cost of the month at its pace so far. {USD}
-- @column low Cost of the month if the days to come are cheap. {USD}
-- @column by_weekday Cost of the month if the days to come are like their weekdays. {USD}
-- @column high Cost of the month if the days to come are expensive. {USD}
-- @column unpriced_responses Responses of the month not in any sum: price unknown. {responses, optional}
-- @example
with calendar as (
    select
        getvariable('now')::date as today,
        date_trunc('month', getvariable('now'))::date as month,
        (date_trunc('month', getvariable('now'))::date - interval 1 month)::date as last_month,
        last_day(getvariable('now')::date) as month_end
),

daily as materialized (
    select
        responded_at::date as day,
        sum(cost) as cost,
        count(*) filter (cost is null) as unpriced_responses
    from usage
    where responded_at is not null
    group by all
),

so_far as (
    select
        any_value(today) as today,
        any_value(month) as month,
        any_value(month_end) as month_end,
        coalesce(sum(cost) filter (day = today), 0)::decimal(38, 12) as today_cost,
        if(
            count(*) filter (day between month and today) = 0,
            0,
            sum(cost) filter (day between month and today)
        )::decimal(38, 12) as month_to_date,
        if(
            count(*) filter (day >= last_month and day < month) = 0,
            0,
            sum(cost) filter (day >= last_month and day < month)
        )::decimal(38, 12) as last_month,
        coalesce(sum(unpriced_responses) filter (day between month and today), 0)::bigint
            as unpriced_responses
    from calendar
    left join daily on true
),

past as (
    select day, coalesce(cost, 0)::decimal(38, 12) as cost
    from (
        select unnest(range(
            greatest((select min(day) from daily), today - 56), today, interval 1 day
        ))::date as day
        from calendar
    )
    left join daily using (day)
),

typical as (
    select
        isodow(day) as weekday,
        (sum(cost) / count(*))::decimal(38, 12) as mean,
        quantile_disc(cost, 0.25) as lower_quartile,
        quantile_disc(cost, 0.75) as upper_quartile
    from past
    group by grouping sets ((isodow(day)), ())
),

remaining as (
    select day, isodow(day) as weekday, if(day = today, today_cost, 0)::decimal(38, 12) as already
    from (
        select
            today,
            today_cost,
            unnest(range(today, month_end + 1, interval 1 day))::date as day
        from so_far
    )
),

to_come as (
    select
        coalesce(typical.mean, overall.mean) - already as mean,
        coalesce(typical.lower_quartile, overall.lower_quartile) - already as lower_quartile,
        coalesce(typical.upper_quartile, overall.upper_quartile) - already as upper_quartile
    from remaining
    left join typical using (weekday)
    cross join typical as overall
    where overall.weekday is null
),

-- nothing more is expected on a day that already costs more than usual
rest as (
    select
        if(count(mean) = 0, null, coalesce(sum(mean) filter (mean > 0), 0)) as mean,
        if(count(mean) = 0, null, coalesce(sum(lower_quartile) filter (lower_quartile > 0), 0))
            as low,
        if(count(mean) = 0, null, coalesce(sum(upper_quartile) filter (upper_quartile > 0), 0))
            as high
    from to_come
)

select
    month,
    day(today) as day,
    day(month_end) as days,
    month_to_date,
    last_month,
    month_at_pace(month_to_date, today) as projected,
    month_to_date + least(low, mean) as low,
    month_to_date + mean as by_weekday,
    month_to_date + greatest(high, mean) as high,
    unpriced_responses
from so_far
cross join rest
order by month
