-- When the exports were made, and whose days they hold.
select
    getvariable('now')::date as today,
    strftime(getvariable('now')::timestamp, '%Y-%m-%d %H:%M') as made_at,
    current_setting('TimeZone') as timezone,
    getvariable('week_start') as week_start
