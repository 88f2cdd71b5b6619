-- Calendar month of a moment, in the user's zone. One value.
--
-- @function moment
select strftime(moment, '%Y-%m')
