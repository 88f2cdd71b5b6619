-- The sort key of a dimension's value if it is a time; else NULL. One value.
--
-- Hours sort in the order in which they passed, including those that a clock change repeats. Days
-- of the week start with the day that --week-start names.
--
-- @function name, value
select case
    when name in ('day', 'week', 'month') then value
    when name = 'hour'
        then strftime(
            replace(value, ':00', ':00:00')::timestamptz at time zone 'UTC', '%Y-%m-%d %H:%M'
        )
    when name = 'weekday' then list_position(
        if(
            getvariable('week_start') = 'sunday',
            ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
            ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
        ),
        value
    )::varchar
end
