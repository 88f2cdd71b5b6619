-- Tool calls of the responses, each once over all files. One row per tool call.
--
-- A response's calls are spread over its lines, and resumed or forked sessions copy those into
-- other files: a call is identified by its response and its id. Its result is in the same file. For
-- OpenClaw's tools, category is that of the OpenClaw Usage Dashboard.
--
-- @table
-- @column source Kind of log.
-- @column response_key Response that made the call (usage).
-- @column call_id Id of the call.
-- @column tool Name of the tool, as logged.
-- @column server MCP server that provides the tool; NULL for the agent's own tools.
-- @column category system, orchestration, memory, browser, web …
-- @column is_error Whether the result was an error; NULL if no result was logged.
-- @column call_number Position of the call among those of its response.
-- @column response_calls Number of calls in its response. {calls}
with line_response as (
    select
        source,
        if(
            message_id is not null and request_id is not null,
            own_key,
            coalesce(uuid, session_id || ':' || message_id)
        ) as line_key,
        min(coalesce(linked_keys.response_key, own_key)) as response_key
    from line_groups
    left join linked_keys using (source, own_key)
    where line_kind = 'usage'
    group by all
),

result as (
    select source, file_id, call_id, bool_or(is_error) as is_error
    from tool_blocks
    where is_result
    group by all
),

call as (
    select
        source,
        response_key,
        call_id,
        min(tool) as tool,
        bool_or(result.is_error) as is_error
    from (from tool_blocks where not is_result) as called
    inner join line_response using (source, line_key)
    left join result using (source, file_id, call_id)
    group by all
)

select
    source,
    response_key,
    call_id,
    tool,
    nullif(regexp_extract(tool, '^mcp__(.+?)__', 1), '') as server,
    case
        when server is not null then 'mcp'
        when tool in ('web_search', 'web_fetch') then 'brave'
        when lower(tool) in ('websearch', 'webfetch') then 'web'
        when lower(tool) in (
            'exec', 'read', 'write', 'edit', 'bash', 'bashoutput', 'killbash', 'killshell',
            'multiedit', 'notebookedit', 'notebookread', 'glob', 'grep', 'ls'
        ) then 'system'
        when lower(tool) in (
            'sessions_spawn', 'sessions_send', 'subagents', 'task', 'agent', 'sendmessage'
        ) then 'orchestration'
        when lower(tool) in ('memory_search', 'memory_get') then 'memory'
        when lower(tool) in ('browser', 'image') then lower(tool)
        else 'other'
    end as category,
    is_error,
    row_number() over (partition by source, response_key order by call_id) as call_number,
    count(*) over (partition by source, response_key) as response_calls
from call
