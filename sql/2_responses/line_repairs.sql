-- What became of the log lines that strict JSON refuses. One row per line.
--
-- Those of the files read in this run, and what the archive knows of the others. What was damaged in a
-- log that is gone, before the window, is not said: it is not said of logs that are there either.
--
-- @column file_id File (log_files).
-- @column line_number Line in it, counted from 1.
-- @column outcome repaired or damaged.
-- @column problem What was wrong with it.
select file_id, line_number, outcome, problem
from repaired_lines
union all
select file_id, repair.line_number, repair.outcome, repair.problem
from (
    select file_id, unnest(repairs) as repair
    from known_files
    where is_wanted
        and not is_read
        and (is_live or coalesce(modified_at >= getvariable('read_since'), true))
)
