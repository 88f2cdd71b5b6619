-- Cost, tokens and requests of all time, of the last 30 and 7 days, and of today.
--
-- 30 days are 30 days: today and the 29 before it.
--
-- @column period Span of days, in --timezone.
-- @column since Its first day; of all time, that of the first response.
-- @column until Its last day.
-- @example
select * exclude (position)
from usage_during([
    {'position': 1, 'period': 'all time', 'since': null, 'until': null},
    {
        'position': 2,
        'period': 'last 30 days',
        'since': getvariable('now')::date - 29,
        'until': getvariable('now')::date
    },
    {
        'position': 3,
        'period': 'last 7 days',
        'since': getvariable('now')::date - 6,
        'until': getvariable('now')::date
    },
    {
        'position': 4,
        'period': 'today',
        'since': getvariable('now')::date,
        'until': getvariable('now')::date
    }
])
order by position
