-- What the costs leave out. One row per warning.
--
-- @column message The warning, in one line.
with doubtful as (
    select
        model,
        provider,
        count(*) filter (cost is null and responded_at is not null) as unpriced,
        count(*) filter (has_uncharged_extra) as uncharged,
        count(*) filter (responded_at is null) as untimed,
        count(*) filter (cost is null and responded_at is null) as untimed_unpriced
    from usage
    where cost is null or has_uncharged_extra or responded_at is null
    group by model, provider
),

uncharged as (
    select model, sum(uncharged)::bigint as responses
    from doubtful
    group by model
    having responses > 0
),

untimed as (
    select sum(untimed)::bigint as responses, sum(untimed_unpriced)::bigint as unpriced
    from doubtful
    having responses > 0
)

select format(
    '{:,} {} of {}: no price, not in the cost.{}',
    unpriced, if(unpriced = 1, 'response', 'responses'), coalesce(model, 'an unnamed model'),
    if(
        model is null,
        '',
        format(
            ' Add a line to {}: {},{},,INPUT,OUTPUT (USD per million tokens)',
            getvariable('own_prices'), coalesce(provider, 'PROVIDER'),
            if(regexp_matches(model, '[",\s]'), '"' || replace(model, '"', '""') || '"', model)
        )
    )
) as message
from doubtful
where unpriced > 0
union all
select format(
    '{:,} {} of {}: fast, batch or web search service without a price, charged as standard.',
    responses, if(responses = 1, 'response', 'responses'),
    coalesce(model, 'an unnamed model')
)
from uncharged
union all
select format(
    '{:,} {} without a readable time: not in any day{}.',
    responses, if(responses = 1, 'response', 'responses'),
    case
        when unpriced = responses then ', and not in the cost'
        when unpriced > 0 then format(', and {:,} of them not in the cost', unpriced)
        else ''
    end
)
from untimed
order by message
