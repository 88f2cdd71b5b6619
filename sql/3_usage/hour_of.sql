-- Calendar hour of a moment, in the user's zone. One value.
--
-- With the offset of the zone: the hour that a clock change repeats is two hours.
--
-- @function moment
select replace(strftime(moment, '%Y-%m-%d %H:00%z'), '+00', 'Z')
