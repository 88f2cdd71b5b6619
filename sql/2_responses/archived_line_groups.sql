-- Groups of log lines that the archive holds, of files that are not read in this run. One row per
-- group.
--
-- Where there is an archive, they are a part of line_groups: what is read from the logs comes from
-- there, with what was once counted of those files. Of a file, the last run that read it counts.
select archived_groups.* exclude (run), true as is_archived
from archived_groups
inner join log_files using (file_id, run)
where is_wanted and not is_read and reading = getvariable('reading')
