-- What Claude Code itself counted and charged. One row per session, model and snapshot.
--
-- Since August 2026 Claude Code writes a line of type cost-state when an interactive session ends:
-- cumulative sums of the session so far, including subagents and calls that are in no transcript,
-- without a time or a uuid. A resumed session writes another one, so the greatest counts. Reading
-- them takes another pass over the logs, for the only report that compares costs.
--
-- @column source Kind of log.
-- @column session_id Session.
-- @column model Model, as Claude Code names it.
-- @column input_tokens Uncached input. {tokens}
-- @column output_tokens Output, reasoning included. {tokens}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_tokens Input written to the cache. {tokens}
-- @column cost What Claude Code says it cost. {USD}
with snapshot as (
    select
        sessionId as session_id,
        unnest(map_entries(try(from_json(
            modelUsage,
            '"map(varchar, struct('
            || 'inputTokens bigint, outputTokens bigint, cacheReadInputTokens bigint, '
            || 'cacheCreationInputTokens bigint, costUSD double))"'
        )))) as entry
    from read_json(
        getvariable('claude_code_paths'),
        format = 'newline_delimited',
        -- a folder may be called type=x
        hive_partitioning = false,
        ignore_errors = true,
        maximum_object_size = getvariable('maximum_object_size'),
        columns = {type: 'varchar', sessionId: 'varchar', modelUsage: 'varchar'}
    )
    where type = 'cost-state'
)

select
    'claude_code' as source,
    session_id,
    entry.key as model,
    entry.value.inputTokens as input_tokens,
    entry.value.outputTokens as output_tokens,
    entry.value.cacheReadInputTokens as cache_read_tokens,
    entry.value.cacheCreationInputTokens as cache_write_tokens,
    entry.value.costUSD as cost
from snapshot
