-- Tool calls and their results in OpenClaw sessions, as logged. One row per call or result.
--
-- Separate from openclaw, because reading the list of a message's blocks is expensive. A result is
-- a message of its own, with the role toolResult.
with line as (
    select
        coalesce(_file, file_index) as file_index,
        id as message_id,
        coalesce("timestamp", message."timestamp"::bigint::varchar) as request_id,
        sessionId as session_id,
        message.role = 'toolResult' as is_result,
        message.toolCallId as result_of,
        message.isError as is_error,
        unnest(if(message.role = 'toolResult', [null], message.content)) as block,
        generate_subscripts(if(message.role = 'toolResult', [null], message.content), 1) as position
    from read_json(
        getvariable('openclaw_paths'),
        format = 'newline_delimited',
        -- a folder may be called type=x
        hive_partitioning = false,
        ignore_errors = true,
        maximum_object_size = getvariable('maximum_object_size'),
        columns = {
            _file: 'ubigint',
            id: 'varchar',
            sessionId: 'varchar',
            "timestamp": 'varchar',
            message: 'struct(
                role varchar,
                "timestamp" double,
                toolCallId varchar,
                isError varchar,
                content struct(type varchar, id varchar, name varchar)[]
            )'
        }
    )
)

select
    'openclaw' as source,
    file_index,
    message_id,
    request_id,
    session_id,
    is_result,
    if(is_result, result_of, coalesce(block.id, message_id || ':' || position)) as call_id,
    block.name as tool,
    coalesce(try_cast(is_error as boolean), false) as is_error
from line
where is_result or block.type = 'toolCall'
