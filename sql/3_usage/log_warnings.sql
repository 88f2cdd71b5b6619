-- What was wrong with the logs. One row per warning.
--
-- @column message The warning, in one line.
with gone as (
    select count(*) as files
    from log_files
    where getvariable('reads_lines_again') and not is_live and is_wanted
),

damaged as (
    select
        count(*) as lines,
        count(distinct file_id) as files,
        min({'path': path, 'line_number': line_number}) as first_line
    from line_repairs
    inner join log_files using (file_id)
    where outcome = 'damaged'
)

select format(
    '{:,} {} gone: the archive has the usage in {}, but no tool calls and no line counts.',
    files, if(files = 1, 'log is', 'logs are'), if(files = 1, 'it', 'them')
) as message
from gone
where files > 0
union all
select format(
    '{:,} damaged log {} in {:,} {} {} not counted, the first in {}:{}.',
    lines, if(lines = 1, 'line', 'lines'),
    files, if(files = 1, 'file', 'files'),
    if(lines = 1, 'is', 'are'),
    first_line.path, first_line.line_number
) as message
from damaged
where lines > 0
