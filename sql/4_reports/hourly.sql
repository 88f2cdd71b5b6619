-- Cost and tokens per hour.
--
-- Calendar hours in --timezone. An hour that a clock change repeats has one row per offset.
--
-- @column hour Hour, with the zone's offset.
-- @key hour
-- @example --today
select key as hour, * exclude (key)
from usage_by(hour_of(responded_at))
order by place_in_time('hour', key), is_part, cost desc nulls last, part
