-- Groups of log lines that the archive holds, of files that are not read in this run. One row per
-- group.
--
-- A part of line_groups. For each file, the last run that read it counts. A single query reads only
-- the columns that it needs; if many queries follow, the groups are loaded once.
--
-- @loaded
select archived_groups.* exclude (run), true as is_archived
from archived_groups
inner join log_files using (file_id, run)
where is_wanted and not is_read and reading = getvariable('readings')[log_files.source]
