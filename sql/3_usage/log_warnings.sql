-- What was wrong with the logs. One row per warning.
--
-- @column message What to know, as one line.
select format(
    '{} damaged log {} in {} {} not counted, the first in {}.',
    sum(log_lines)::bigint, if(sum(log_lines) = 1, 'line', 'lines'),
    count(distinct file_id), if(count(distinct file_id) = 1, 'file is', 'files are'),
    min(path)
) as message
from line_groups
inner join log_files using (source, file_id)
where line_kind = 'refused'
having count(*) > 0
