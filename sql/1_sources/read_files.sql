-- The files that the sources read now. One row per source and position in its list.
--
-- Logs are read twice if they have lines that a strict JSON parser rejects: first the logs
-- themselves, then copies of the lines that could be repaired (reads_repaired), under the ids of
-- their original files. A file that cannot be read keeps its position, as an empty file.
--
-- @column source Kind of log.
-- @column file_index Position of the file in the list of its source.
-- @column file_id File (log_files).
-- @column pattern Its path, as read_json takes it.
select
    source,
    file_index,
    file_id,
    if(is_lost, getvariable('empty_file'), literal_path(read_path)) as pattern
from log_files
where file_index is not null and not getvariable('reads_repaired')
union all
select
    source,
    file_index,
    file_id,
    literal_path(path) as pattern
from repaired_files
where getvariable('reads_repaired')
