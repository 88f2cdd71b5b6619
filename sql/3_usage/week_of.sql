-- First day of the week of a day. One value.
--
-- Weeks start on Monday, or as --week-start says.
--
-- @function day
select if(
    getvariable('week_start') = 'sunday',
    date_trunc('week', day + 1)::date - 1,
    date_trunc('week', day)::date
)
