-- OpenClaw sessions, as logged. One row per log line.
--
-- A line that a strict JSON parser rejects is a row of NULLs. An entry has the same agent, id and
-- time in every copy of its file: so the id serves as message_id (2_responses adds the agent) and
-- the time as request_id. is_plain is a cheap test that finds most lines without usage; line_kind
-- then says exactly what a line is. Only lines read from SQLite have a sessionId; for other lines,
-- the file tells the session. A line of type session carries the working directory of the lines
-- below it, one of type model_change the model. Entries of delivery-mirror and gateway-injected
-- repeat an answer and were not billed. cost.total is the sum of the other four.
--
-- @lines message.usage, cwd, modelId, data.modelId
select
    'openclaw' as source,
    coalesce(_file, file_index) as file_index,
    _line as line_number,
    message.usage is null
        and coalesce(type in ('message', 'compaction', 'thinking_level_change'), false) as is_plain,
    case
        when coalesce(type, id, message.role) is null and message.usage is null then 'refused'
        when coalesce(
            message.usage."input", message.usage."output", message.usage.cacheRead,
            message.usage.cacheWrite, message.usage.inputTokens, message.usage.outputTokens
        ) is not null then case
            when message.model in ('delivery-mirror', 'gateway-injected')
                or message.provider = 'openclaw' then 'pseudo_model'
            else 'usage'
        end
        when type = 'session' then 'session_start'
        when coalesce(modelId, data.modelId) is not null then 'model_change'
        else 'no_usage'
    end as line_kind,
    sessionId as session_id,
    id as message_id,
    coalesce("timestamp", try_cast(message."timestamp" as bigint)::varchar) as request_id,
    coalesce(
        try_cast("timestamp" as timestamptz),
        try(to_timestamp(message."timestamp" / 1000))
    ) as responded_at,
    cwd,
    coalesce(message.provider, provider, data.provider) as provider,
    coalesce(message.responseModel, message.model, modelId, data.modelId) as model,
    coalesce(message.usage."input", message.usage.inputTokens) as input_tokens,
    coalesce(message.usage."output", message.usage.outputTokens) as output_tokens,
    message.usage.reasoning as reasoning_tokens,
    message.usage.cacheRead as cache_read_tokens,
    message.usage.cacheWrite as cache_write_tokens,
    message.usage.cacheWrite1h as cache_write_1h_tokens,
    message.usage.cost.total as logged_cost
from read_json(
    getvariable('openclaw_paths'),
    format = 'newline_delimited',
    -- a folder may be called type=x
    hive_partitioning = false,
    ignore_errors = true,
    maximum_object_size = getvariable('maximum_object_size'),
    columns = {
        _file: 'ubigint',
        _line: 'bigint',
        type: 'varchar',
        id: 'varchar',
        sessionId: 'varchar',
        "timestamp": 'varchar',
        cwd: 'varchar',
        provider: 'varchar',
        modelId: 'varchar',
        data: 'struct(provider varchar, modelId varchar)',
        message: 'struct(
            role varchar,
            provider varchar,
            model varchar,
            responseModel varchar,
            "timestamp" double,
            usage struct(
                "input" bigint,
                "output" bigint,
                inputTokens bigint,
                outputTokens bigint,
                reasoning bigint,
                cacheRead bigint,
                cacheWrite bigint,
                cacheWrite1h bigint,
                cost struct(total double)
            )
        )'
    }
)
