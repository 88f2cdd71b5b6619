-- A bar whose length stands for a value; that of the greatest value has 24 characters. One value.
--
-- @function value, greatest_value
select rtrim(bar(coalesce(value, 0)::double, 0, greatest(greatest_value::double, 1e-12), 24))
