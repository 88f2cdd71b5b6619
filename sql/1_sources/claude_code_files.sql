-- Log files of Claude Code, with what their paths tell. One row per file.
--
-- <project slug>/<session>.jsonl, and <session>/subagents/agent-<id>.jsonl below it; before that, a
-- subagent's log lay beside its session's as agent-<id>.jsonl.
select
    *,
    coalesce(
        names[list_position(names, 'subagents') + 1], string_split(names[1], '.jsonl')[1]
    ) as file_session_id,
    folders[list_position(folders, 'projects') - 1] as folder_project,
    starts_with(names[1], 'agent-') as is_subagent_file
from listed_files
where source = 'claude_code'
