-- The log files with usage that a purge of the archive does not reach. One row per file.
--
-- Without a purge, all with usage. What has no time is kept: nobody knows how old it is.
--
-- @column file_id File (log_files).
select distinct file_id
from line_groups
where line_kind = 'usage' and coalesce(responded_at >= getvariable('purge_before'), true)
