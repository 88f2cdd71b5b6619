-- Usage summed over spans of days. One row per span.
--
-- A span is {position, period, since, until}, including its last day; a span without since covers
-- all time, and shows the days of its first and last response. Without any response, a span costs
-- 0.
--
-- @macro spans
-- @column position Sort order of the span.
-- @column period Name of the span.
-- @column since Its first day, in --timezone.
-- @column until Its last day.
-- @column responses Model responses. {responses}
-- @column sessions Sessions they belong to. {sessions}
-- @column providers Providers they are from. {providers, optional}
-- @column input_tokens Uncached input. {tokens}
-- @column output_tokens Output, reasoning included. {tokens}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_tokens Input written to the cache, for 5 minutes or an hour. {tokens}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
with span as (
    select unnest(
        spans::struct(position integer, period varchar, since date, until date)[],
        recursive := true
    )
),

used as (
    select
        key.day as day,
        key.source as source,
        key.session_id as session_id,
        key.provider as provider,
        usage_sum.* exclude (key)
    from usage_by({
        'day': responded_at::date, 'source': source, 'session_id': session_id, 'provider': provider
    }) as usage_sum
    where not is_part
)

select
    position,
    period,
    coalesce(since, min(day)) as since,
    coalesce(until, max(day)) as until,
    coalesce(sum(responses), 0)::bigint as responses,
    count(distinct (source, session_id)) filter (responses is not null) as sessions,
    count(distinct provider) as providers,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens,
    coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(cache_read_tokens), 0)::bigint as cache_read_tokens,
    coalesce(sum(cache_write_tokens), 0)::bigint as cache_write_tokens,
    coalesce(sum(total_tokens), 0)::bigint as total_tokens,
    if(count(responses) = 0, 0, sum(cost)) as cost,
    coalesce(sum(unpriced_responses), 0)::bigint as unpriced_responses
from span
left join used on since is null or day between since and until
group by position, period, since, until
