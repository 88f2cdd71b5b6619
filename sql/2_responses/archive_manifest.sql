-- The log files that the archive of this machine holds after this run. One row per file.
with repaired as (
    select
        file_id,
        list(
            {'line_number': line_number, 'outcome': outcome, 'problem': problem}
            order by line_number
        ) as repairs
    from line_repairs
    group by file_id
)

select
    source,
    path,
    machine,
    file_id,
    bytes,
    strftime(modified_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as modified_at,
    subagent_type,
    if(written.file_id is null, run, getvariable('run')) as run,
    if(written.file_id is null or not is_read, reading, getvariable('reading')) as reading,
    if(is_read, repaired.repairs, log_files.repairs) as repairs
from log_files
left join archivable_files as written using (source, file_id)
left join repaired using (file_id)
where machine = getvariable('machine')
    and (written.file_id is not null or run is not null)
    and (
        is_live
        or getvariable('purge_before') is null
        or file_id in (
            select file_id from line_groups where responded_at >= getvariable('purge_before')
        )
    )
order by source, path
