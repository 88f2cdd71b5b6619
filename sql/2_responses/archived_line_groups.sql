-- Groups of log lines that the archive adds to those read from the logs. One row per group.
--
-- Of a file that was read again, those that it no longer holds: what was once counted stays.
select archived_groups.* exclude (path, machine, run), log_files.file_id
from archived_groups
inner join log_files using (source, path, machine, run)
anti join line_groups using (source, file_id, own_key)
where is_wanted
