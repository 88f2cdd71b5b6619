-- The days that the command line asks for, as points in time. One row.
--
-- Days are in the user's time zone; since and until are inclusive; --last ends today; --before
-- counts days back from today. Where clocks go back over midnight, a day begins twice: its first
-- moment counts.
--
-- @column today The current day.
-- @column since_at First moment of the window; NULL when it has no start.
-- @column until_at First moment after the window; NULL when it has no end.
-- @column before_at First moment of the day that --before of clawtrace archive names, else NULL.
with asked as (
    select
        getvariable('now')::date as today,
        coalesce(
            getvariable('since')::date, today - getvariable('last_days')::integer + 1
        ) as first_day,
        coalesce(
            getvariable('until')::date, if(getvariable('last_days') is not null, today, null)
        ) + 1 as next_day,
        today - getvariable('before_days')::integer as before_day
),

moments as (
    select
        today,
        list_transform(
            [first_day, next_day, before_day],
            lambda day: list_min(list_filter(
                list_transform(
                    [0, 30, 60, 90, 120], lambda back: day::timestamptz - to_minutes(back)
                ),
                lambda moment: moment::date = day
            ))
        ) as firsts
    from asked
)

select
    today,
    firsts[1] as since_at,
    firsts[2] as until_at,
    firsts[3] as before_at
from moments
