-- The cost to expect on a day, judging by the days before it, and whether the day is unusual: the
-- rules of the report anomalies. One row per subject and day that has enough days before it.
--
-- spent lists days as {subject, day, cost}. Each is compared with earlier days of the same subject,
-- by one of the methods that the report describes. The report's options apply if they are set, else
-- their defaults.
--
-- @macro spent, method
-- @column subject Subject of the day, as named in spent.
-- @column day Day.
-- @column cost Cost of the day. {USD}
-- @column expected Mean or median of the days it is compared with. {USD}
-- @column usual_limit Cost at which a day starts to be unusual. {USD}
-- @column severity warning or critical; NULL: nothing unusual.
-- @column pct_over Percent over the expected cost. {%}
-- @column compared_days Days that it is compared with.
with active as (
    select unnest(
        spent::struct(subject varchar, day date, cost decimal(38, 12))[], recursive := true
    )
),

quiet as (
    select subject, unnest(range(min(day), getvariable('now')::date, interval 1 day))::date as day
    from active
    where method = 'robust'
    group by subject
),

counted as (
    select
        subject,
        day,
        coalesce(cost, 0)::decimal(38, 12) as cost,
        row_number() over (partition by subject order by day) as day_number
    from active
    full join quiet using (subject, day)
    where method <> 'robust' or day < getvariable('now')::date
),

compared as (
    select counted.subject, counted.day, earlier.day as earlier_day, earlier.cost
    from counted
    inner join counted as earlier
        on counted.subject = earlier.subject
        and counted.day_number > earlier.day_number
        and counted.day_number
            <= earlier.day_number + coalesce(getvariable('param_window'), if(method = 'robust', 28, 7))
    where method <> 'robust'
        or not coalesce(getvariable('param_same_weekday'), false)
        or isodow(counted.day) = isodow(earlier.day)
),

baseline as (
    select
        subject,
        day,
        count(*) as days,
        sum(cost) as total,
        median(cost) as middle,
        mad(cost) as median_distance,
        list(cost) as costs,
        list(earlier_day order by earlier_day) as compared_days
    from compared
    group by subject, day
),

-- expected_sum is the expected cost times the days, to be compared with the cost times the days
expectation as (
    select
        subject,
        day,
        days,
        compared_days,
        if(method = 'robust', middle, (total / days)::decimal(38, 12)) as expected,
        if(method = 'robust', middle * days, total)::decimal(38, 12) as expected_sum,
        if(
            median_distance > 0,
            median_distance * 1.4826,
            list_avg(list_transform(costs, cost -> abs(cost - middle))) * 1.2533
        )::decimal(38, 12) as deviation
    from baseline
),

judged as (
    select
        *,
        cost - expected as excess,
        case when method = 'robust' then 3.5 * deviation end as noise,
        case when method <> 'seed' then coalesce(getvariable('param_min_usd'), 1) end as least_excess,
        coalesce(getvariable('param_threshold'), 25) as threshold,
        cost * days * 100 > expected_sum * (100 + threshold) as is_over,
        cost * days * 100 > expected_sum * (100 + 3 * threshold) as is_far_over,
        if(
            expected_sum = 0, 100, (cost * days - expected_sum) * 100 / expected_sum
        )::decimal(38, 9) as pct_over
    from counted
    inner join expectation using (subject, day)
    where if(method = 'robust', days >= if(coalesce(getvariable('param_same_weekday'), false), 3, 7), day_number > 3)
)

select
    subject,
    day,
    cost,
    expected,
    greatest(
        (expected * (100 + threshold) / 100)::decimal(38, 12),
        expected + least_excess,
        expected + noise
    )::decimal(38, 12) as usual_limit,
    case
        when not is_over or excess < least_excess or excess <= noise then null
        when is_far_over and expected_sum > 0 and coalesce(excess > 2 * noise, true) then 'critical'
        else 'warning'
    end as severity,
    pct_over,
    compared_days
from judged
