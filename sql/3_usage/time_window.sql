-- The days that the command line asks for, as points in time. One row.
--
-- Days are those of the user's zone; since and until are inclusive; --last ends with today.
--
-- @column today The current day.
-- @column since_at First moment of the window; NULL when it has no start.
-- @column until_at First moment after the window; NULL when it has no end.
select
    getvariable('now')::date as today,
    coalesce(
        getvariable('since')::date,
        getvariable('now')::date - getvariable('last_days')::integer + 1
    )::timestamptz as since_at,
    (
        coalesce(
            getvariable('until')::date,
            case when getvariable('last_days') is not null then getvariable('now')::date end
        ) + 1
    )::timestamptz as until_at
