-- What to sort a value of a dimension by, if it is a time; else NULL. One value.
--
-- Hours sort as they came, also those that a clock change repeats. Days of the week begin with the
-- first one, as --week-start says.
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
