-- Hours, days, weeks or months of the window, with or without usage. One row per period.
--
-- From the start of the window, or the first response, to its end, or now. Periods are found in
-- steps of half an hour, so that none is missed whatever a zone does with its clocks.
--
-- @macro step
-- @column period Hour, day, week or month, as period_of names it.
-- @column started_at First moment found in it.
with edge as (
    select
        coalesce(getvariable('since_at'), min(responded_at)) as first_at,
        greatest(
            max(responded_at),
            least(getvariable('now'), getvariable('until_at') - interval 1 microsecond)
        ) as last_at
    from usage
),

moment as (
    select unnest(generate_series(first_at, last_at, interval 30 minute)) as moment from edge
    union all
    select last_at from edge where last_at >= first_at
)

select period_of(moment, step) as period, min(moment) as started_at
from moment
group by period
