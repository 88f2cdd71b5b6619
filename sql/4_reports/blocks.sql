-- Five-hour blocks, as in Claude subscriptions, estimated from the logs.
--
-- A block begins at the full UTC hour of its first response and ends five hours later; the next one
-- begins with the first response after that, or after five hours of silence. A gap is the silence
-- beyond five hours. The provider counts its windows itself, over all machines, and may differ. The
-- burn rate covers the first to the last response of a block; the projection continues the active
-- block at that rate until it ends. Only Claude Code's logs count, unless --source names others.
-- --since and --until select blocks by their start.
--
-- @param active BOOLEAN Only the active block.
-- @param recent BOOLEAN Only blocks that began in the last 3 days.
-- @column started_at Start of the block or gap.
-- @column ends_at End of the block or gap. {time, optional}
-- @column status active, over, gap, or ahead: in the future, because a clock is wrong.
-- @column last_response_at Time of its last response. {time, optional}
-- @column responses Model responses. {responses, optional}
-- @column input_tokens Uncached input. {tokens, optional}
-- @column output_tokens Output, reasoning included. {tokens, optional}
-- @column cache_read_tokens Input read from the cache. {tokens, optional}
-- @column cache_write_tokens Input written to the cache. {tokens, optional}
-- @column total_tokens Sum of the four. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column tokens_per_minute Burn rate; NULL if all responses came at one moment. {tokens/min, optional}
-- @column cost_per_hour Burn rate in dollars. {USD/h}
-- @column remaining_minutes Minutes until the active block ends. {min}
-- @column projected_tokens Projected tokens of the active block at its end. {tokens, optional}
-- @column projected_cost Projected cost of the active block at its end. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column models Its models, in alphabetical order. {text, optional}
-- @total responses, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
-- @total total_tokens, cost, unpriced_responses
-- @example --recent
-- @example --active
with recursive response as materialized (
    select usage_history.*, responded_at at time zone 'UTC' as moment
    from usage_history
    inner join source_traits using (source)
    where responded_at is not null
        and (getvariable('source_filter') is not null or has_five_hour_blocks)
),

-- a block includes the full hour at which it ends, so these hours include their end, not their start
slot as (
    select min(moment) as first_at
    from response
    group by date_trunc('hour', moment - interval 1 microsecond)
),

block as (
    select date_trunc('hour', min(first_at)) as start_at from slot having count(*) > 0
    union all
    select date_trunc('hour', min(first_at))
    from block
    inner join slot on first_at > start_at + interval 5 hours
    group by start_at
),

summed as (
    select
        start_at,
        start_at + interval 5 hours as end_at,
        min(moment) as first_at,
        max(moment) as last_at,
        count(*) as responses,
        unnest(sums_of(
            input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens, total_tokens, cost
        )),
        array_to_string(list_sort(list(distinct model)), ', ') as models
    from response
    asof inner join (select start_at, start_at + interval 5 hours as block_end from block)
        on moment <= block_end
    group by start_at
),

timed as (
    select
        *,
        epoch_ms(last_at) - epoch_ms(first_at) as active_ms,
        epoch_ms(end_at) - epoch_ms(getvariable('now')) as remaining_ms,
        coalesce(
            lead(first_at) over (order by start_at) > last_at + interval 5 hours, false
        ) as is_before_gap,
        lead(first_at) over (order by start_at) as next_at,
        lead(start_at) over (order by start_at) as next_start_at,
        getvariable('now') at time zone 'UTC' < start_at as is_ahead,
        not is_ahead and getvariable('now') at time zone 'UTC' < end_at as is_active
    from summed
),

-- a gap is listed before the block that ends it
listed as (
    select
        start_at as position,
        start_at at time zone 'UTC' as started_at,
        end_at at time zone 'UTC' as ends_at,
        case when is_ahead then 'ahead' when is_active then 'active' else 'over' end as status,
        last_at at time zone 'UTC' as last_response_at,
        responses,
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_tokens,
        total_tokens,
        cost,
        (total_tokens * 60000 / nullif(active_ms, 0))::decimal(38, 1) as tokens_per_minute,
        (cost * 3600000 / nullif(active_ms, 0))::decimal(38, 12) as cost_per_hour,
        if(is_active, (remaining_ms / 60000)::decimal(18, 1), null) as remaining_minutes,
        if(
            is_active,
            round(total_tokens + total_tokens * remaining_ms / nullif(active_ms, 0))::bigint,
            null
        ) as projected_tokens,
        if(
            is_active,
            cost + (cost * remaining_ms / nullif(active_ms, 0))::decimal(38, 12),
            null
        ) as projected_cost,
        unpriced_responses,
        models
    from timed
    union all by name
    select
        next_start_at as position,
        (last_at + interval 5 hours) at time zone 'UTC' as started_at,
        next_at at time zone 'UTC' as ends_at,
        'gap' as status,
        0 as responses,
        0 as input_tokens,
        0 as output_tokens,
        0 as cache_read_tokens,
        0 as cache_write_tokens,
        0 as total_tokens,
        0 as cost,
        0 as unpriced_responses
    from timed
    where is_before_gap
)

select * exclude (position)
from listed
where (not coalesce(getvariable('param_active'), false) or status = 'active')
    and (
        not coalesce(getvariable('param_recent'), false)
        or started_at >= getvariable('now') - interval 3 days
    )
    and started_at >= coalesce(getvariable('since_at'), timestamptz '-infinity')
    and started_at < coalesce(getvariable('until_at'), timestamptz 'infinity')
order by position, status = 'gap' desc
