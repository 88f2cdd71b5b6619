-- The log files with usage that a purge of the archive leaves alone. One row per file.
--
-- Without a purge, all files with usage. Usage without a time is kept: its age is unknown.
--
-- @column file_id File (log_files).
select distinct file_id
from line_groups
where line_kind = 'usage' and coalesce(responded_at >= getvariable('purge_before'), true)
