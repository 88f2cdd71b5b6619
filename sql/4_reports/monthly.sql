-- Cost and tokens per month.
--
-- A response counts in the month of its first log line, in --timezone.
--
-- @column month Calendar month.
-- @key month
-- @example --since 2026-01-01 --breakdown
select key as month, * exclude (key)
from usage_by(month_of(responded_at))
order by key, is_part, cost desc nulls last, part
