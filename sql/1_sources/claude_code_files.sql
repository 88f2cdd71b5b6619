-- Claude Code's log files, with what their paths say. One row per file.
--
-- <project slug>/<session>.jsonl, and <session>/subagents/agent-<id>.jsonl below it. In older
-- versions, a subagent's log was beside its session's log, as agent-<id>.jsonl.
select
    *,
    coalesce(
        names[list_position(names, 'subagents') + 1], string_split(names[1], '.jsonl')[1]
    ) as file_session_id,
    folders[list_position(folders, 'projects') - 1] as folder_project,
    starts_with(names[1], 'agent-') as is_subagent_file
from listed_files
where source = 'claude_code'
