-- Usage summed by a key. One row per key, and with a breakdown one more per key and value of the
-- dimension.
--
-- The sums that every report by period or dimension shows, written once. Rows whose is_part is true
-- split the row of their key by the dimension that --breakdown names; their costs and tokens add up
-- to it, their sessions need not.
--
-- @macro group_key
-- @column responses Model responses. {responses}
-- @column sessions Sessions they belong to. {sessions, optional}
-- @column input_tokens Uncached input. {tokens}
-- @column output_tokens Output, reasoning included. {tokens}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_tokens Input written to the cache, for 5 minutes or an hour. {tokens}
-- @column total_tokens Sum of the four. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @total responses, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
-- @total total_tokens, cost, unpriced_responses
with level as (
    select unnest(if(getvariable('breakdown') is null, [false], [false, true])) as is_part
),

split as (
    select
        *,
        group_key as key,
        case when is_part then attribute_of(getvariable('breakdown'), usage) end as part
    from usage
    cross join level
)

select
    key,
    part,
    is_part,
    count(*) as responses,
    count(distinct (source, session_id)) as sessions,
    unnest(sums_of(
        input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
        cache_write_1h_tokens, total_tokens, cost
    ))
from split
group by key, part, is_part
