-- Cost and tokens per week.
--
-- Weeks start on Monday, or as --week-start says. A week is named after its first day.
--
-- @column week First day of the week.
-- @key week
-- @example --last 4w
select key as week, * exclude (key)
from usage_by(week_of(responded_at::date))
order by key, is_part, cost desc nulls last, part
