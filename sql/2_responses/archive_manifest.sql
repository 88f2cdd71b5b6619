-- The log files that the archive of this machine holds after this run. One row per file.
--
-- For a file that this run does not write, it keeps what was known when the file's rows were
-- written: otherwise a file that has changed since would look as if it were archived unchanged. A
-- purge drops files that are gone once all of their usage is purged.
with repaired as (
    select
        file_id,
        list(
            {'line_number': line_number, 'outcome': outcome, 'problem': problem}
            order by line_number, outcome, problem
        ) as repairs
    from line_repairs
    group by file_id
),

written as (
    select log_files.*, is_fresh
    from log_files
    inner join archivable_files using (source, file_id)
),

unwritten as (
    select archived_files.*
    from archived_files
    anti join written using (source, path, machine)
    where machine = getvariable('machine')
),

held as (
    from unwritten
    union all by name
    select
        source,
        path,
        machine,
        written.file_id,
        if(is_fresh, written.bytes, archived.bytes) as bytes,
        if(is_fresh, written.modified_at, archived.modified_at) as modified_at,
        coalesce(written.subagent_type, archived.subagent_type) as subagent_type,
        getvariable('run') as run,
        if(is_fresh, getvariable('readings')[source], archived.reading) as reading,
        if(is_fresh, repaired.repairs, archived.repairs) as repairs
    from written
    left join archived_files as archived using (source, path, machine)
    left join repaired on written.file_id = repaired.file_id
    where is_live
        or getvariable('purge_before') is null
        or written.file_id in (from unpurged_files)
)

select
    * replace (strftime(modified_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as modified_at)
from held
order by source, path
