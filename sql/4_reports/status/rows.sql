-- Cost, tokens and sessions today, yesterday, this week, this month and last month.
--
-- @column period Span of days, in --timezone.
-- @column since Its first day.
-- @column until Its last day, today at the latest.
-- @column responses Responses of a model. {responses}
-- @column sessions Sessions they belong to. {sessions}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses that are not in the cost: nobody knows their price. {responses, optional}
-- @example
with today as (select getvariable('now')::date as today),

week as (
    select
        today,
        if(
            getvariable('week_start') = 'sunday',
            date_trunc('week', today + 1)::date - 1,
            date_trunc('week', today)::date
        ) as week,
        date_trunc('month', today)::date as month
    from today
),

span as (
    select unnest([
        {'position': 1, 'period': 'today', 'since': today, 'until': today},
        {'position': 2, 'period': 'yesterday', 'since': today - 1, 'until': today - 1},
        {'position': 3, 'period': 'this week', 'since': week, 'until': today},
        {'position': 4, 'period': 'this month', 'since': month, 'until': today},
        {
            'position': 5,
            'period': 'last month',
            'since': (month - interval 1 month)::date,
            'until': month - 1
        }
    ], recursive := true)
    from week
)

select
    period,
    since,
    until,
    count(response_key) as responses,
    count(distinct (source, session_id)) filter (response_key is not null) as sessions,
    coalesce(sum(total_tokens), 0)::bigint as total_tokens,
    if(count(response_key) = 0, 0, sum(cost)) as cost,
    count(*) filter (response_key is not null and cost is null) as unpriced_responses
from span
left join usage on responded_at::date between since and until
group by position, period, since, until
order by position
