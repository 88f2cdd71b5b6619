-- What the last days cost: by day, by model, by project, and the most expensive sessions.
--
-- All parts cover the same window, so that their sums agree. Days without usage are listed too.
--
-- @param days DAYS=7 Days up to today, unless another window is given.
-- @window days
-- @column day Calendar day, in --timezone.
-- @column bar Cost. {shape}
-- @example
-- @example --days 30
with used as (
    select * exclude (part, is_part) from usage_by(responded_at::date) where not is_part
)

select
    period::date as day,
    coalesce(responses, 0) as responses,
    coalesce(sessions, 0) as sessions,
    coalesce(total_tokens, 0) as total_tokens,
    if(responses is null, 0, cost) as cost,
    coalesce(unpriced_responses, 0) as unpriced_responses,
    drawn(cost, max(cost) over ()) as bar
from periods('day')
left join used on period::date = used.key
order by day
