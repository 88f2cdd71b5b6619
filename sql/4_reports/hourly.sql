-- Cost and tokens per hour.
--
-- Calendar hours in --timezone. The hour that a clock change repeats is one row per offset.
--
-- @column hour Hour, with the offset of the zone.
-- @key hour
-- @example --today
select key as hour, * exclude (key)
from usage_by(hour_of(responded_at))
order by place_in_time('hour', key), is_part, cost desc nulls last, part
