-- Cost and tokens per week.
--
-- Weeks start on Monday, or as --week-start says. A week is named by its first day.
--
-- @column week First day of the week.
-- @example --last 4w
select key as week, * exclude (key)
from usage_by(
    if(
        getvariable('week_start') = 'sunday',
        date_trunc('week', responded_at::date + 1)::date - 1,
        date_trunc('week', responded_at::date)::date
    )
)
order by key, is_part, cost desc nulls last, part
