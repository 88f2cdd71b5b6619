-- Claude Code transcripts, as logged. One row per log line.
--
-- A line that a strict JSON parser rejects is a row of NULLs. A value of the wrong type is NULL;
-- the rest of its line stays. Counts are disjoint: input_tokens excludes cached tokens. advisors:
-- entries of iterations[] with the type advisor_message are calls to another model, which the
-- top-level counts leave out; those with the type message repeat the top level. is_plain is a cheap
-- test that finds most lines without usage; line_kind then says exactly what a line is. A forked or
-- handed-over session repeats lines under a new sessionId and marks them (forkedFrom, sessionKind).
-- gitBranch is HEAD when a commit rather than a branch is checked out, and empty outside a
-- repository: both mean no branch.
--
-- @lines message.usage
select
    'claude_code' as source,
    coalesce(_file, file_index) as file_index,
    _line as line_number,
    message.usage is null and type is not null as is_plain,
    case
        when coalesce(type, sessionId, message.id) is null and message.usage is null
            then 'refused'
        when coalesce(
            message.usage.input_tokens, message.usage.output_tokens,
            message.usage.cache_read_input_tokens, message.usage.cache_creation_input_tokens,
            message.usage.cache_creation.ephemeral_5m_input_tokens,
            message.usage.cache_creation.ephemeral_1h_input_tokens
        ) is null then 'no_usage'
        when type = 'progress' then 'progress_copy'
        when message.model = '<synthetic>' then 'synthetic'
        else 'usage'
    end as line_kind,
    message.id as message_id,
    requestId as request_id,
    uuid,
    sessionId as session_id,
    agentId as agent_id,
    coalesce(try_cast(isSidechain as boolean), false) as is_sidechain,
    forkedFrom is not null or sessionKind is not null as is_copy,
    "timestamp" as responded_at,
    cwd,
    nullif(nullif(gitBranch, ''), 'HEAD') as git_branch,
    message.model as model,
    message.usage.speed,
    message.usage.service_tier,
    message.usage.inference_geo,
    message.usage.input_tokens,
    message.usage.output_tokens,
    message.usage.output_tokens_details.thinking_tokens as reasoning_tokens,
    message.usage.cache_read_input_tokens as cache_read_tokens,
    message.usage.cache_creation_input_tokens as cache_write_tokens,
    message.usage.cache_creation.ephemeral_5m_input_tokens as cache_write_5m_tokens,
    message.usage.cache_creation.ephemeral_1h_input_tokens as cache_write_1h_tokens,
    message.usage.server_tool_use.web_search_requests as web_searches,
    case when contains(message.usage.iterations, 'advisor_message') then list_filter(
        try(from_json(message.usage.iterations, '[{
            "type": "varchar",
            "model": "varchar",
            "input_tokens": "bigint",
            "output_tokens": "bigint",
            "cache_read_input_tokens": "bigint",
            "cache_creation_input_tokens": "bigint",
            "cache_creation": {
                "ephemeral_5m_input_tokens": "bigint",
                "ephemeral_1h_input_tokens": "bigint"
            }
        }]')),
        call -> call.type = 'advisor_message'
    ) end as advisors,
    try_cast(costUSD as double) as logged_cost
from read_json(
    getvariable('claude_code_paths'),
    format = 'newline_delimited',
    -- a folder may be called type=x
    hive_partitioning = false,
    ignore_errors = true,
    maximum_object_size = getvariable('maximum_object_size'),
    columns = {
        _file: 'ubigint',
        _line: 'bigint',
        type: 'varchar',
        uuid: 'varchar',
        "timestamp": 'timestamptz',
        sessionId: 'varchar',
        requestId: 'varchar',
        agentId: 'varchar',
        isSidechain: 'varchar',
        sessionKind: 'varchar',
        forkedFrom: 'varchar',
        cwd: 'varchar',
        gitBranch: 'varchar',
        costUSD: 'varchar',
        message: 'struct(
            id varchar,
            model varchar,
            usage struct(
                input_tokens bigint,
                output_tokens bigint,
                output_tokens_details struct(thinking_tokens bigint),
                cache_read_input_tokens bigint,
                cache_creation_input_tokens bigint,
                cache_creation struct(
                    ephemeral_5m_input_tokens bigint,
                    ephemeral_1h_input_tokens bigint
                ),
                server_tool_use struct(web_search_requests bigint),
                speed varchar,
                service_tier varchar,
                inference_geo varchar,
                iterations varchar
            )
        )'
    }
)
