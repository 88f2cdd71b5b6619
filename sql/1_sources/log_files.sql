-- The log files found, those that only the archive still has, and what their paths tell. One row
-- per file.
--
-- file_index is the place of the file in the list its source reads (NULL: not read in this run).
-- A file that the archive holds unchanged (path, size, time of change) need not be read again.
-- Paths: Claude Code <project slug>/<session>.jsonl and <session>/subagents/agent-<id>.jsonl;
-- OpenClaw agents/<agent>/sessions/<session>.jsonl[.reset.<time>|.deleted.<time>] and
-- session-sqlite-import-archive/archive-tier.<session>.jsonl.imported-<time>.
--
-- @table
-- @column file_id What the file is known by: what the archive says, else a hash of source, path and machine.
-- @column file_rank Number of the file, in the order of source, path and machine.
-- @column source Kind of log.
-- @column path Where the file is.
-- @column machine Machine that it is on.
-- @column read_path What is read in its place, for logs that are no JSON lines.
-- @column bytes Size when it was found. {bytes}
-- @column modified_at Time of its last change.
-- @column run Run of clawtrace archive that wrote its rows; NULL when the archive does not have it.
-- @column reading Names the way it was read when it was archived.
-- @column repairs What became of its refused lines when it was archived.
-- @column is_live True if the file is there.
-- @column is_archived True if the archive holds it as it is, so that it need not be read.
-- @column is_wanted True if it can hold a line of the window.
-- @column is_read True if it is read for the usage in this run.
-- @column is_lost True if it could not be read.
-- @column file_index Place in the list of files that were read; NULL when the file was not.
-- @column file_session_id Session that the path names.
-- @column folder_agent Agent whose folder the file is in (OpenClaw).
-- @column folder_project Project that the path names, in Claude Code's lossy spelling.
-- @column is_subagent_file True if the file holds one subagent.
-- @column subagent_type Type of that subagent, from its .meta.json.
with known as (
    select
        source,
        path,
        machine,
        case when is_live then path end as read_path,
        coalesce(found.bytes, archived.bytes) as bytes,
        if(is_live, found.modified_at, archived.modified_at) as modified_at,
        coalesce(found.subagent_type, archived.subagent_type) as subagent_type,
        file_id,
        run,
        reading,
        repairs,
        coalesce(is_live, false) as is_live,
        coalesce(
            found.bytes = archived.bytes
            and found.modified_at is not distinct from archived.modified_at
            and reading = getvariable('reading'),
            false
        ) as is_archived,
        case when is_live then is_wanted
            else getvariable('archive_scope') is null
                or path in (select unnest(getvariable('archive_scope')))
        end as is_wanted
    from (select *, getvariable('machine') as machine, true as is_live from found_files) as found
    full join archived_files as archived using (source, path, machine)
),

split as (
    select
        *,
        is_live and is_wanted and (not is_archived or getvariable('rereads')) as is_read,
        -- the file's name first, then the folder that it is in (a name is no folder)
        list_reverse(string_split(replace(path, '\', '/'), '/')) as names,
        names[2:] as folders,
        row_number() over (order by source, path, machine) as file_rank
    from known
)

select
    coalesce(file_id, hash(source, path, machine)) as file_id,
    file_rank,
    source,
    path,
    machine,
    read_path,
    bytes,
    modified_at,
    run,
    reading,
    repairs,
    is_live,
    is_archived,
    is_wanted,
    is_read,
    false as is_lost,
    case when is_read
        then row_number() over (partition by source, is_read order by file_rank) - 1
    end::ubigint as file_index,
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
from split
