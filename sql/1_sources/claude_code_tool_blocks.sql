-- Tool calls and their results in Claude Code transcripts, as logged. One row per call or result.
--
-- Separate from claude_code, because reading the list of a message's blocks is expensive. A line
-- holds one block or several; the message's other blocks, and everything said, are not read.
with line as (
    select
        coalesce(_file, file_index) as file_index,
        message.id as message_id,
        requestId as request_id,
        uuid,
        sessionId as session_id,
        unnest(message.content) as block,
        generate_subscripts(message.content, 1) as position
    from read_json(
        getvariable('claude_code_paths'),
        format = 'newline_delimited',
        -- a folder may be called type=x
        hive_partitioning = false,
        ignore_errors = true,
        maximum_object_size = getvariable('maximum_object_size'),
        columns = {
            _file: 'ubigint',
            uuid: 'varchar',
            sessionId: 'varchar',
            requestId: 'varchar',
            message: 'struct(
                id varchar,
                content struct(
                    type varchar,
                    id varchar,
                    name varchar,
                    tool_use_id varchar,
                    is_error varchar
                )[]
            )'
        }
    )
)

select
    'claude_code' as source,
    file_index,
    message_id,
    request_id,
    uuid,
    session_id,
    block.type = 'tool_result' as is_result,
    coalesce(block.tool_use_id, block.id, uuid || ':' || position) as call_id,
    block.name as tool,
    coalesce(try_cast(block.is_error as boolean), false) as is_error
from line
where block.type in ('tool_use', 'tool_result')
