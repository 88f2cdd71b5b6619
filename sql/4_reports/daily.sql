-- Cost and tokens per day.
--
-- A response counts on the day of its first log line, in --timezone.
--
-- @column day Calendar day.
-- @key day
-- @example --last 7d
select key as day, * exclude (key)
from usage_by(responded_at::date)
order by key, is_part, cost desc nulls last, part
