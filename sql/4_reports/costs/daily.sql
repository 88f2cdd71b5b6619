-- Cost and tokens per day of the timeframe, including days without usage.
--
-- @column date Month and day.
-- @column day The full date.
-- @column cost List price: what the API would have charged. {USD}
-- @column input Uncached input. {tokens}
-- @column output Output, reasoning included. {tokens}
-- @column bar Cost. {shape}
with slot as (
    select unnest(generate_series(
        (getvariable('now')::date - getvariable('param_timeframe') + 1)::timestamp,
        getvariable('now')::date::timestamp,
        interval 1 day
    ))::date as day
),

used as (
    select key, cost, input_tokens, output_tokens
    from usage_by(responded_at::date)
    where not is_part
)

select
    strftime(day, '%m-%d') as date,
    day,
    if(key is null, 0, cost) as cost,
    coalesce(input_tokens, 0) as "input",
    coalesce(output_tokens, 0) as "output",
    drawn(cost, max(cost) over ()) as bar
from slot
left join used on day = key
order by day
