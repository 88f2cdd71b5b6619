-- The keys of the first clawtrace's status, in the user's time zone.
--
-- @object
-- @column date Today.
-- @column total_cost_usd Cost of today; NULL when none of it has a price. {USD}
-- @column total_tokens Tokens of today. {tokens}
-- @column session_count Sessions of today. {sessions}
-- @column message_count Responses of today. {responses}
-- @column file_count Log files. {files}
-- @column total_messages Responses in all log files. {responses}
select
    getvariable('now')::date as date,
    if(count(*) filter (is_today) = 0, 0, sum(cost) filter (is_today))::decimal(38, 4)
        as total_cost_usd,
    coalesce(sum(total_tokens) filter (is_today), 0)::bigint as total_tokens,
    count(distinct (source, session_id)) filter (is_today) as session_count,
    count(*) filter (is_today) as message_count,
    (select count(*) from log_files) as file_count,
    count(*) as total_messages
from (
    select *, coalesce(responded_at::date = getvariable('now')::date, false) as is_today from usage
)
