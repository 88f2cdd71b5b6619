-- What became of the log lines that a strict JSON parser rejects. One row per line.
--
-- Lines of the files read in this run, and what the archive knows of the others. Damage from before
-- the window is left out for logs that are gone, as it is for logs that still exist.
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
