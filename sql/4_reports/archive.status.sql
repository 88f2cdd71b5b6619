-- What the archive holds, per machine.
--
-- It keeps log files that the agents have since deleted. Files counted in files_changed are read
-- from the logs until clawtrace archive runs again.
--
-- @column machine Machine that wrote the archive.
-- @column files Log files in the archive. {files}
-- @column files_gone Of these, files whose logs are gone. {files}
-- @column files_changed Logs on this machine that are not in the archive, or have changed since. {files}
-- @column responses Responses in the archive, each once. {responses}
-- @column first_day Day of the first response.
-- @column last_day Day of the last response.
-- @column last_run Time of the last run of clawtrace archive, in UTC.
-- @column copies Folders with copies of it, which are not counted again. {text, if any}
-- @total files, files_gone, files_changed, responses
-- @example
with file as (
    select
        machine,
        count(*) filter (run is not null) as files,
        count(*) filter (run is not null and not is_live and is_wanted) as files_gone,
        count(*) filter (is_live and not is_archived) as files_changed,
        max(run) as last_run
    from log_files
    group by machine
    union all
    select getvariable('machine'), 0, 0, 0, null
    where not exists (from log_files where machine = getvariable('machine'))
),

response as (
    select
        machine,
        count(distinct (log_files.source, own_key)) as responses,
        min(responded_at)::date as first_day,
        max(responded_at)::date as last_day
    from archived_groups
    inner join log_files using (file_id, run)
    where line_kind = 'usage'
    group by machine
),

archive as (
    select
        machine,
        string_agg(folder, ', ' order by folder) filter (place > 1) as copies
    from (
        select
            *,
            row_number() over (partition by machine order by run desc, folder) as place
        from archive_folders
    )
    group by machine
)

select
    machine,
    files,
    files_gone,
    files_changed,
    coalesce(responses, 0) as responses,
    first_day,
    last_day,
    strptime(last_run[:15], '%Y%m%dT%H%M%S') as last_run,
    copies
from file
left join archive using (machine)
left join response using (machine)
order by machine
