-- What to sort a value of a dimension by, if it is a time; else NULL. One value.
--
-- Days of the week begin with the first one, as --week-start says.
--
-- @function name, value
select case
    when name in ('hour', 'day', 'week', 'month') then value
    when name = 'weekday' then list_position(
        if(
            getvariable('week_start') = 'sunday',
            ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
            ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
        ),
        value
    )::varchar
end
