-- Today, this week and this month so far, against the same part of the previous period.
--
-- The previous period is cut off at the matching point: yesterday at this time of day, last week on
-- this weekday, last month on this day (or its last). An unfinished day is never compared with a
-- whole one.
--
-- @column period Span of days, in --timezone.
-- @column since Its first day.
-- @column cost List price so far: what the API would have charged. {USD}
-- @column previous_since First day of the previous period.
-- @column previous_until Where the previous period is cut off.
-- @column previous_cost Cost of the previous period up to there. {USD}
-- @column change Growth over the previous cost; NULL if that is 0. {%}
-- @column unpriced_responses Responses of both periods not in the costs: price unknown. {responses, optional}
-- @example
with present as (
    select
        getvariable('now') as now,
        getvariable('now')::date as today,
        week_of(today) as week,
        date_trunc('month', today)::date as month
),

span as (
    select unnest([
        {
            'position': 1,
            'period': 'today',
            'since': today,
            'previous_since': today - 1,
            'previous_until': (now - interval 1 day)::timestamptz
        },
        {
            'position': 2,
            'period': 'this week',
            'since': week,
            'previous_since': week - 7,
            'previous_until': (now - interval 7 day)::timestamptz
        },
        {
            'position': 3,
            'period': 'this month',
            'since': month,
            'previous_since': (month - interval 1 month)::date,
            'previous_until': (now - interval 1 month)::timestamptz
        }
    ], recursive := true)
    from present
),

counted as (
    select
        span.*,
        count(response_key) filter (responded_at::date >= since) as responses,
        sum(cost) filter (responded_at::date >= since) as cost,
        count(response_key) filter (responded_at::date < since) as previous_responses,
        sum(cost) filter (responded_at::date < since) as previous_cost,
        count(response_key) filter (cost is null) as unpriced_responses
    from span
    left join usage
        on responded_at >= previous_since::timestamptz
        and responded_at < (getvariable('now')::date + 1)::timestamptz
        and (responded_at >= since::timestamptz or responded_at <= previous_until)
    group by all
)

select
    period,
    since,
    if(responses = 0, 0, cost) as cost,
    previous_since,
    previous_until,
    if(previous_responses = 0, 0, previous_cost) as previous_cost,
    case when previous_cost > 0 then
        (100 * (if(responses = 0, 0, cost) / previous_cost - 1))::decimal(12, 1)
    end as change,
    unpriced_responses
from counted
order by position
