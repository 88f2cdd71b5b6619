-- Calendar hour of a moment, in the user's time zone. One value.
--
-- It includes the zone's offset: an hour that a clock change repeats is two hours.
--
-- @function moment
select replace(strftime(moment, '%Y-%m-%d %H:00%z'), '+00', 'Z')
