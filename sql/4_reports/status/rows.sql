-- Cost, tokens and sessions today, yesterday, this week, this month and last month.
--
-- @column period Span of days, in --timezone.
-- @column since Its first day.
-- @column until Its last day, today at the latest.
-- @example
select period, since, until, responses, sessions, total_tokens, cost, unpriced_responses
from usage_during([
    span_of(1, 'today'),
    span_of(2, 'yesterday'),
    {
        'position': 3,
        'period': 'this week',
        'since': week_of(getvariable('now')::date),
        'until': getvariable('now')::date
    },
    span_of(4, 'this month'),
    span_of(5, 'last month')
])
order by position
