-- The log files found, and those that only the archive still has, with the parts of their
-- paths. One row per file.
--
-- A file that the archive holds unchanged (same path, size and modification time) need not be read
-- again.
--
-- @column names Parts of the path, starting with the file name.
-- @column folders The folders that it is in, starting with the innermost.
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
            and reading = getvariable('readings')[source],
            false
        ) as is_archived,
        case when is_live then is_wanted
            else getvariable('archive_scope') is null
                or path in (select unnest(getvariable('archive_scope')))
        end as is_wanted
    from (select *, getvariable('machine') as machine, true as is_live from found_files) as found
    full join archived_files as archived using (source, path, machine)
)

select
    * replace (coalesce(file_id, hash(source, path, machine)) as file_id),
    row_number() over (order by source, path, machine) as file_rank,
    is_live and is_wanted and (not is_archived or getvariable('rereads')) as is_read,
    list_reverse(string_split(replace(path, '\', '/'), '/')) as names,
    names[2:] as folders
from known
