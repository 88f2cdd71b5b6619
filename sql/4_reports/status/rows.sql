-- Cost, tokens and sessions today, yesterday, this week, this month and last month.
--
-- @column period Span of days, in --timezone.
-- @column since Its first day.
-- @column until Its last day, today at the latest.
-- @example
select period, since, until, responses, sessions, total_tokens, cost, unpriced_responses
from usage_during([
    {
        'position': 1,
        'period': 'today',
        'since': getvariable('now')::date,
        'until': getvariable('now')::date
    },
    {
        'position': 2,
        'period': 'yesterday',
        'since': getvariable('now')::date - 1,
        'until': getvariable('now')::date - 1
    },
    {
        'position': 3,
        'period': 'this week',
        'since': week_of(getvariable('now')::date),
        'until': getvariable('now')::date
    },
    {
        'position': 4,
        'period': 'this month',
        'since': date_trunc('month', getvariable('now')::date)::date,
        'until': getvariable('now')::date
    },
    {
        'position': 5,
        'period': 'last month',
        'since': (date_trunc('month', getvariable('now')::date) - interval 1 month)::date,
        'until': date_trunc('month', getvariable('now')::date)::date - 1
    }
])
order by position
