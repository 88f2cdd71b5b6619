-- The cost of a whole month if it goes on as it began: the cost up to a day, scaled up to all days
-- of the month. One value.
--
-- @function spent, today
select (spent * day(last_day(today)) / day(today))::decimal(38, 12)
