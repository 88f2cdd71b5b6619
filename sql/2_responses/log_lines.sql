-- Every log line of every source, in one vocabulary. One row per log line.
--
-- Negative counts read as 0 and are marked. A cache write is the greater of the flat count and the
-- sum of its two parts: some versions fill only one of them.
with logged_lines as (
    from claude_code
    union all by name
    from openclaw
)

select
    source,
    file_index,
    is_plain,
    line_kind,
    message_id,
    request_id,
    case when request_id is null or message_id is null then uuid end as uuid,
    session_id,
    agent_id,
    coalesce(is_sidechain, false) as is_sidechain,
    coalesce(is_copy, false) as is_copy,
    cwd,
    git_branch,
    responded_at,
    provider,
    model,
    speed,
    service_tier,
    inference_geo,
    greatest(input_tokens, 0) as input_tokens,
    greatest(output_tokens, 0) as output_tokens,
    greatest(reasoning_tokens, 0) as reasoning_tokens,
    greatest(cache_read_tokens, 0) as cache_read_tokens,
    greatest(
        cache_write_tokens,
        coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0),
        0
    ) as cache_write_tokens,
    greatest(cache_write_1h_tokens, 0) as cache_write_1h_tokens,
    greatest(web_searches, 0) as web_searches,
    nullif(advisors, []) as advisors,
    logged_cost,
    coalesce(
        least(input_tokens, output_tokens, cache_read_tokens, cache_write_tokens) < 0, false
    ) as has_negative_count
from logged_lines
