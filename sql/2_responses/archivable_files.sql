-- The log files that this run of clawtrace archive writes. One row per file.
--
-- Normally those that were read because the archive did not hold their current state; when the
-- archive is compacted or purged, all files.
--
-- @column source Kind of log.
-- @column file_id File (log_files).
-- @column is_fresh True if it was read from the log, false if its archived rows are only rewritten.
with own as (
    select *, is_read and not is_lost as is_fresh
    from log_files
    where machine = getvariable('machine') and is_wanted
)

select source, file_id, is_fresh
from own
where (is_fresh and coalesce(modified_at < getvariable('archive_before'), true))
    or (run is not null and getvariable('compacts'))
