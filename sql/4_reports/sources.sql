-- Where the logs are, and what was found there.
--
-- @column source Kind of log.
-- @column folders Folders and globs that were searched; those in brackets do not exist.
-- @column files Log files. {files}
-- @column bytes Total size. {bytes}
-- @column files_gone Log files that only the archive still has. {files, optional}
-- @column lines Log lines of the files that still exist. {lines}
-- @column responses Responses in all files, each once. {responses}
-- @column repaired_lines Lines that a strict JSON parser rejects but that are counted. {lines}
-- @column damaged_lines Lines that are not counted: truncated, or not JSON. {lines}
-- @column first_day Day of the first response.
-- @column last_day Day of the last response.
-- @total files, bytes, lines, responses, repaired_lines, damaged_lines
-- @example
with searched as (
    select
        source,
        string_agg(if(is_found, path, '(' || path || ')'), ', ' order by is_found desc, path)
            as folders
    from log_roots
    where source <> ''
    group by source
),

file as (
    select
        source,
        count(*) filter (is_live) as files,
        sum(bytes) filter (is_live)::bigint as bytes,
        nullif(count(*) filter (not is_live and is_wanted), 0) as files_gone
    from log_files
    group by source
),

line as (
    select source, sum(lines)::bigint as lines from line_counts group by source
),

repair as (
    select
        source,
        count(*) filter (outcome = 'repaired') as repaired_lines,
        count(*) filter (outcome = 'damaged') as damaged_lines
    from line_repairs
    inner join log_files using (file_id)
    group by source
),

response as (
    select
        source,
        count(*) as responses,
        min(responded_at)::date as first_day,
        max(responded_at)::date as last_day
    from usage
    group by source
)

select
    source,
    folders,
    coalesce(files, 0) as files,
    coalesce(bytes, 0) as bytes,
    files_gone,
    coalesce(lines, 0) as lines,
    coalesce(responses, 0) as responses,
    coalesce(repaired_lines, 0) as repaired_lines,
    coalesce(damaged_lines, 0) as damaged_lines,
    first_day,
    last_day
from searched
full join file using (source)
left join line using (source)
left join repair using (source)
left join response using (source)
order by source
