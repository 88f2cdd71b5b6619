-- The logs that are read in this run. One row per source and position in its list.
--
-- A file that cannot be read keeps its position, as an empty file.
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
where file_index is not null
