-- The log files that this run of clawtrace archive writes. One row per file.
--
-- Those that were read because the archive did not hold them as they are. To compact or purge it,
-- all.
--
-- @column source Kind of log.
-- @column file_id File (log_files).
select source, file_id
from log_files
where machine = getvariable('machine')
    and (
        (
            is_read
            and not is_lost
            and coalesce(modified_at < getvariable('archive_before'), true)
        )
        or (run is not null and getvariable('compacts'))
    )
