-- Lines of the logs read in this run, with the repeats of one response within a file
-- folded. One row per response, file and way of serving.
--
-- The only pass over the logs: everything else reads this table, and the archive keeps it. Lines
-- fold if they agree in message, request, session, agent, place, service and prompt. The counts of
-- the prompt do not change within a response, and they tell responses apart where a gateway gives
-- every response the same id. Without a request id, lines fold only with their own copies (equal
-- uuid). linked_keys and responses decide which groups are one response.
-- Output grows while it streams: each count is the greatest one logged.
-- The id of an OpenClaw entry is unique only within its agent.
-- own_key identifies the response of a group that is seen alone.
--
-- @table
-- @archived
with folded as (
    select
        source,
        file_index,
        line_kind,
        message_id,
        request_id,
        uuid,
        case when message_id is null and uuid is null then responded_at end as lone_time,
        session_id,
        agent_id,
        is_sidechain,
        is_copy,
        cwd,
        git_branch,
        provider,
        model,
        speed is not distinct from 'fast' as is_fast,
        service_tier,
        inference_geo,
        input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        max(cache_write_1h_tokens) as cache_write_1h_tokens,
        max(output_tokens) as output_tokens,
        max(reasoning_tokens) as reasoning_tokens,
        max(web_searches) as web_searches,
        max(logged_cost) as logged_cost,
        max(speed) as speed,
        min(responded_at) as responded_at,
        max(responded_at) as last_responded_at,
        list(advisors) filter (advisors is not null) as advisors,
        bool_or(has_negative_count) as has_negative_count,
        min(line_number) as line_number,
        count(*) as log_lines
    from log_lines
    where not is_plain and line_kind <> 'refused'
    group by all
),

identified as (
    select
        folded.* exclude (is_fast) replace (
            coalesce(log_files.folder_agent || ':' || message_id, message_id) as message_id,
            coalesce(session_id, log_files.file_session_id) as session_id,
            coalesce(agent_id, log_files.folder_agent) as agent_id,
            -- a database has no lines
            case when log_files.read_path = log_files.path then line_number end as line_number
        ),
        log_files.file_id
    from folded
    inner join log_files using (source, file_index)
)

select
    * exclude (file_index, lone_time),
    own_key_of(
        session_id, agent_id, message_id, request_id, uuid, responded_at, model, input_tokens,
        cache_read_tokens, cache_write_tokens, output_tokens
    ) as own_key,
    advisors is not null as has_advisors,
    false as is_archived
from identified
