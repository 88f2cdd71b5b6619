-- Log lines, the repeats of one response within a file folded. One row per response and file, and
-- way of serving it.
--
-- What was read from the logs in this run, what the archive holds of files that need not be read, and
-- what it holds of files that were read and no longer have it.
select *
from logged_line_groups
where line_kind <> 'refused'
union all by name
select * from kept_line_groups
union all by name
select * from archived_line_groups
