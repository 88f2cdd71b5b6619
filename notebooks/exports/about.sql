-- When the exports were made, and how their days are counted.
select
    getvariable('now')::date as today,
    strftime(getvariable('now')::timestamp, '%Y-%m-%d %H:%M') as made_at,
    current_setting('TimeZone') as timezone,
    getvariable('week_start') as week_start
