-- OpenClaw's log files, with what their paths say. One row per file.
--
-- agents/<agent>/sessions/<session>.jsonl[.reset.<time>|.deleted.<time>], and
-- session-sqlite-import-archive/archive-tier.<session>.jsonl.imported-<time> beside it.
select
    *,
    string_split(
        names[1][if(starts_with(names[1], 'archive-tier.'), 14, 1):], '.jsonl'
    )[1] as file_session_id,
    folders[list_position(folders, 'agents') - 1] as folder_agent,
    false as is_subagent_file
from listed_files
where source = 'openclaw'
