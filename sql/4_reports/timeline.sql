-- Cost and tokens over time, including hours, days, weeks or months without usage.
--
-- From the start of the window, or the first response, up to now. With --split, each value has all
-- periods. Hours are real ones: the day of a clock change has 23 or 25.
--
-- @param by TEXT(hour|day|week|month)=day Length of a period.
-- @param split TEXT(model|project|source|agent|provider|token-kind) One row per period and value of this.
-- @param metric TEXT(cost|tokens)=cost What the bar shows.
-- @column period Hour with the zone's offset, day, first day of the week, or month.
-- @column split Value that --split asks for; NULL without it. {, if any}
-- @column responses Model responses; for a token kind, those that used it. {responses}
-- @column tokens Sum of all kinds, or tokens of the one kind. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column bar Cost or tokens, as --metric says. {shape}
-- @total tokens, cost
-- @example --last 7d
-- @example --by hour --today
-- @example --by week --split model --metric tokens
with used as (
    select
        key.period as period,
        key.split as split,
        responses,
        total_tokens as tokens,
        cost,
        unpriced_responses
    from usage_by({
        'period': period_of(responded_at, getvariable('param_by')),
        'split': dimension_of(getvariable('param_split'), usage)
    })
    where not is_part and getvariable('param_split') is distinct from 'token-kind'
    union all
    select key as period, kind as split, responses, tokens, cost, unpriced_responses
    from usage_by_token_kind(period_of(responded_at, getvariable('param_by')))
    where getvariable('param_split') = 'token-kind'
),

series as (
    select distinct split from used
    union
    select null where getvariable('param_split') is null
),

slot as (
    select period, started_at, split from periods(getvariable('param_by')) cross join series
),

filled as (
    select
        coalesce(slot.period, used.period) as period,
        started_at,
        coalesce(slot.split, used.split) as split,
        coalesce(responses, 0) as responses,
        coalesce(tokens, 0) as tokens,
        if(responses is null, 0, cost) as cost,
        coalesce(unpriced_responses, 0) as unpriced_responses,
        coalesce(if(getvariable('param_metric') = 'tokens', tokens, cost), 0) as shown
    from slot
    full join used on slot.period = used.period and slot.split is not distinct from used.split
)

select
    period,
    if(getvariable('param_split') = 'project', coalesce(project_name, split), split) as split,
    responses,
    tokens,
    cost,
    unpriced_responses,
    drawn(shown, max(shown) over ()) as bar
from filled
left join projects on split = project
order by
    started_at nulls last, period,
    sum(cost) over (partition by split) desc nulls last, split
