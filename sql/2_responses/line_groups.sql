-- Log lines, with the repeats of one response within a file folded. One row per response, file and
-- way of serving.
--
-- The groups read from the logs in this run, those that the archive holds of files that need not be
-- read, and those that it holds of files that were read but no longer have them.
select * from logged_line_groups
union all by name
select * from kept_line_groups
union all by name
select * from archived_line_groups
