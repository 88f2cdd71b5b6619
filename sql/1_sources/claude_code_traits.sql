-- How Claude Code differs from other agents. One row.
select
    'claude_code' as source,
    'main' as main_agent,
    true as marks_subagents,
    true as has_five_hour_blocks,
    true as deletes_old_logs
