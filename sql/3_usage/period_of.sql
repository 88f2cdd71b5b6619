-- Hour, day, week or month of a moment, as text. One value.
--
-- A week is named after its first day.
--
-- @function moment, step
select case step
    when 'hour' then hour_of(moment)
    when 'day' then moment::date::varchar
    when 'week' then week_of(moment::date)::varchar
    when 'month' then month_of(moment)
end
