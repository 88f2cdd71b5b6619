-- A response's value in any dimension, as text. One value.
--
-- Takes a row of usage.
--
-- @function name, usage
select case
    when name = 'weekday' then dayname(usage.responded_at::date)
    when name in ('hour', 'day', 'week', 'month') then period_of(usage.responded_at, name)
    else attribute_of(name, usage)
end
