-- What the costs leave out. One row per warning.
--
-- @column message What to know, as one line.
select format(
    '{} {} of {} {} no price and {} not in the cost. Add a line to {}: {},{},,INPUT,OUTPUT (USD per million tokens)',
    grouped_number, if(responses = 1, 'response', 'responses'), model,
    if(responses = 1, 'has', 'have'), if(responses = 1, 'is', 'are'),
    getvariable('own_prices'), coalesce(provider, 'PROVIDER'), model
) as message
from (
    select coalesce(model, 'an unnamed model') as model, provider, count(*) as responses,
        format('{:,}', count(*)) as grouped_number
    from usage
    where cost is null and responded_at is not null
    group by all
)
union all
select format(
    '{:,} responses of {} used a fast, batch or web search service that the price table has no price for; nothing extra is charged.',
    count(*), model
)
from usage
where has_uncharged_extra
group by model
union all
select format(
    '{:,} responses have no readable time: they count in no day, and have no price.', count(*)
)
from usage
where responded_at is null
having count(*) > 0
order by message
