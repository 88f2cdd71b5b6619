-- What the costs leave out. One row per warning.
--
-- @column message What to know, as one line.
with unpriced as (
    select coalesce(model, 'an unnamed model') as model, provider, count(*) as responses
    from usage
    where cost is null and responded_at is not null
    group by all
),

uncharged as (
    select model, count(*) as responses from usage where has_uncharged_extra group by model
),

untimed as (
    select count(*) as responses from usage where responded_at is null having count(*) > 0
)

select format(
    '{:,} {} of {}: no price, not in the cost. Add a line to {}: {},{},,INPUT,OUTPUT (USD per million tokens)',
    responses, if(responses = 1, 'response', 'responses'), model,
    getvariable('own_prices'), coalesce(provider, 'PROVIDER'), model
) as message
from unpriced
union all
select format(
    '{:,} {} of {}: fast, batch or web search service without a price, charged as standard.',
    responses, if(responses = 1, 'response', 'responses'), model
)
from uncharged
union all
select format(
    '{:,} {} without a readable time: in no day, and not in the cost.',
    responses, if(responses = 1, 'response', 'responses')
)
from untimed
order by message
