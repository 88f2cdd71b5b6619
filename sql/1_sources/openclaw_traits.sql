-- How OpenClaw differs from other agents. One row.
select
    'openclaw' as source,
    null::varchar as main_agent,
    false as marks_subagents,
    false as has_five_hour_blocks,
    false as deletes_old_logs
