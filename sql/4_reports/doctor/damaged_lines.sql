-- The log lines that a strict JSON parser rejects, and what became of them.
--
-- @column outcome repaired: counted after all; damaged: lost.
-- @column problem What is wrong with it.
-- @column file File of the line.
-- @column line_number Line in it, counted from 1.
select outcome, problem, path as file, line_number
from line_repairs
inner join log_files using (file_id)
order by outcome, path, line_number
