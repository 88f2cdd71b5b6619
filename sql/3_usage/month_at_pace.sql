-- What a month will have cost that goes on as it began: the cost up to a day, for all its days. One value.
--
-- @function spent, today
select (spent * day(last_day(today)) / day(today))::decimal(38, 12)
