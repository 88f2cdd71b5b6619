-- Groups of log lines that the archive holds, of the last run that read their file. One row per
-- group.
--
-- What is read from the logs is added to it, and in its place of a file that has changed: then it
-- is line_groups.
--
-- @table
select archived_groups.* exclude (run)
from archived_groups
semi join archived_files using (file_id, run)
