-- Groups of log lines that the archive holds, of files that are not read in this run. One row per
-- group.
--
-- A part of line_groups. Of a file, the last run that read it counts. A question reads only the
-- columns that it needs; where many questions follow, they are loaded once.
--
-- @loaded
select archived_groups.* exclude (run), true as is_archived
from archived_groups
inner join log_files using (file_id, run)
where is_wanted and not is_read and reading = getvariable('reading')
