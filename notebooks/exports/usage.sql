-- What the notebooks add up: one row per response, without paths, message ids or any message text.
--
-- pause is the time since the previous response that read the same cache: same session, agent and
-- model.
select
    source,
    provider,
    model,
    agent,
    project_name as project,
    session_id,
    responded_at,
    responded_at::date as day,
    isodow(responded_at) as weekday,
    hour(responded_at) as hour,
    epoch(
        responded_at - lag(responded_at) over (
            partition by source, session_id, agent, agent_id, model
            order by responded_at, response_key
        )
    ) as pause,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    input_cost,
    output_cost,
    cache_read_cost,
    cache_write_cost,
    web_search_cost,
    cost,
    saved_by_reads,
    write_5m_overhead,
    write_1h_overhead
from cache_savings
left join projects using (project)
order by responded_at, response_key
