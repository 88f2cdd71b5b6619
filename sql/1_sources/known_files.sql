-- The log files of every source, as known before any is read. One row per file.
--
-- log_files adds what reading them shows.
--
-- @table
with placed as (
    from claude_code_files
    union all by name
    from openclaw_files
)

select
    * exclude (names, folders),
    case when is_read
        then row_number() over (partition by source, is_read order by file_rank) - 1
    end::ubigint as file_index
from placed
