-- Calendar month of a moment, in the user's time zone. One value.
--
-- @function moment
select strftime(moment, '%Y-%m')
