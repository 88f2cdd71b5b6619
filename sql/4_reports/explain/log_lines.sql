-- The log lines that the responses were read from.
--
-- @column response_key Response.
-- @column file File of the line.
-- @column line_number Line in it, counted from 1.
select distinct response_key, path as file, line_number
from explained_lines
inner join log_files using (file_id)
order by response_key, path, line_number
