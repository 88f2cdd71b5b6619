-- Every log line of every source, in one vocabulary. One row per log line.
--
-- Negative counts read as 0 and are marked. A cache write is the greater of the flat count and the
-- sum of its two parts: some versions fill in only one of them. An empty id is NULL, and so is a
-- time at which no agent can have written: reports list the days in between, which would be too
-- many.
select
    source,
    file_index,
    line_number,
    is_plain,
    line_kind,
    nullif(message_id, '') as message_id,
    nullif(request_id, '') as request_id,
    case when nullif(request_id, '') is null or nullif(message_id, '') is null
        then nullif(uuid, '')
    end as uuid,
    nullif(session_id, '') as session_id,
    nullif(agent_id, '') as agent_id,
    coalesce(is_sidechain, false) as is_sidechain,
    coalesce(is_copy, false) as is_copy,
    cwd,
    git_branch,
    case
        when responded_at >= timestamptz '1970-01-01 00:00:00Z'
            and responded_at < timestamptz '2100-01-01 00:00:00Z'
            then responded_at
    end as responded_at,
    provider,
    model,
    speed,
    service_tier,
    inference_geo,
    count_of(input_tokens) as input_tokens,
    count_of(output_tokens) as output_tokens,
    count_of(reasoning_tokens) as reasoning_tokens,
    count_of(cache_read_tokens) as cache_read_tokens,
    greatest(
        count_of(cache_write_tokens),
        coalesce(count_of(cache_write_5m_tokens), 0) + coalesce(count_of(cache_write_1h_tokens), 0)
    ) as cache_write_tokens,
    count_of(cache_write_1h_tokens) as cache_write_1h_tokens,
    count_of(web_searches) as web_searches,
    nullif(advisors, []) as advisors,
    amount_of(logged_cost) as logged_cost,
    coalesce(
        least(
            input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_write_tokens,
            cache_write_5m_tokens, cache_write_1h_tokens, web_searches
        ) < 0,
        false
    ) as has_negative_count
from logged_lines
