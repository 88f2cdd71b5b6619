-- Cost, tokens and requests: all time, the last 30 and 7 days, and today.
--
-- 30 days are today and the 29 days before it.
--
-- @column period Span of days, in --timezone. {line}
-- @column since Its first day; for all time, that of the first response.
-- @column until Its last day.
-- @example
select * exclude (position)
from usage_during([
    span_of(1, 'all time'),
    span_of(2, 'last 30 days'),
    span_of(3, 'last 7 days'),
    span_of(4, 'today')
])
order by position
