-- Tool calls and results of every source, in one vocabulary. One row per logged call or result.
--
-- Another pass over the logs, only for reports about tools. line_key identifies the response that a
-- line belongs to: its message id and request id if it has both, else its uuid, which line_groups
-- keeps for such lines, else the message in its session.
--
-- @table
with logged_blocks as (
    from claude_code_tool_blocks
    union all by name
    from openclaw_tool_blocks
),

placed as (
    select
        logged_blocks.* replace (
            coalesce(known_files.folder_agent || ':' || message_id, message_id) as message_id,
            coalesce(session_id, known_files.file_session_id) as session_id
        ),
        read_files.file_id
    from logged_blocks
    inner join read_files using (source, file_index)
    inner join known_files using (source, file_id)
)

select
    source,
    file_id,
    case
        when is_result then null
        when message_id is not null and request_id is not null
            then message_id || ':' || request_id
        else coalesce(uuid, session_id || ':' || message_id)
    end as line_key,
    is_result,
    call_id,
    coalesce(tool, 'unnamed') as tool,
    is_error
from placed
