-- What was wrong with the logs. One row per warning.
--
-- @column message What to know, as one line.
select format(
    '{:,} damaged log {} in {:,} {} {} not counted, the first in {}:{}.',
    count(*), if(count(*) = 1, 'line', 'lines'),
    count(distinct file_id), if(count(distinct file_id) = 1, 'file', 'files'),
    if(count(*) = 1, 'is', 'are'),
    min((path, line_number))[1], min((path, line_number))[2]
) as message
from line_repairs
inner join log_files using (file_id)
where outcome = 'damaged'
having count(*) > 0
