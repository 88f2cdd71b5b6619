-- The log files found, and what their paths tell. One row per file.
--
-- file_index is the place of the file in the list its source reads (NULL: not read in this run).
-- Paths: Claude Code <project slug>/<session>.jsonl and <session>/subagents/agent-<id>.jsonl;
-- OpenClaw agents/<agent>/sessions/<session>.jsonl[.reset.<time>|.deleted.<time>] and
-- session-sqlite-import-archive/archive-tier.<session>.jsonl.imported-<time>.
--
-- @table
-- @column file_id Number of the file, in the order of source and path.
-- @column source Kind of log.
-- @column path Where the file is.
-- @column bytes Size when it was found. {bytes}
-- @column modified_at Time of its last change.
-- @column file_index Place in the list of files that were read; NULL when the file was not.
-- @column file_session_id Session that the path names.
-- @column folder_agent Agent whose folder the file is in (OpenClaw).
-- @column folder_project Project that the path names, in Claude Code's lossy spelling.
-- @column is_subagent_file True if the file holds one subagent.
-- @column subagent_type Type of that subagent, from its .meta.json.
select
    file_id,
    source,
    path,
    bytes,
    modified_at,
    file_index,
    coalesce(
        names[list_position(names, 'subagents') + 1],
        string_split(
            names[1][if(starts_with(names[1], 'archive-tier.'), 14, 1):], '.jsonl'
        )[1]
    ) as file_session_id,
    case when source = 'openclaw' then folders[list_position(folders, 'agents') - 1] end
        as folder_agent,
    case when source = 'claude_code' then folders[list_position(folders, 'projects') - 1] end
        as folder_project,
    source = 'claude_code' and starts_with(names[1], 'agent-') as is_subagent_file,
    subagent_type
from (
    select
        *,
        -- the file's name first, then the folder that it is in; a name cannot be a folder's
        list_reverse(string_split(replace(path, '\', '/'), '/')) as names,
        names[2:] as folders
    from found_files
)
