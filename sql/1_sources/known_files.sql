-- The log files found and those that only the archive still has, as they were before any was read.
-- One row per file.
--
-- log_files adds what reading them showed. A file that the archive holds unchanged (path, size, time
-- of change) need not be read again.
-- Paths: Claude Code <project slug>/<session>.jsonl and <session>/subagents/agent-<id>.jsonl;
-- OpenClaw agents/<agent>/sessions/<session>.jsonl[.reset.<time>|.deleted.<time>] and
-- session-sqlite-import-archive/archive-tier.<session>.jsonl.imported-<time>.
--
-- @table
with known as (
    select
        source,
        path,
        machine,
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
    bytes,
    modified_at,
    run,
    reading,
    repairs,
    is_live,
    is_archived,
    is_wanted,
    is_read,
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
