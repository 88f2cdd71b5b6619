-- Groups of log lines as the archive keeps them. One row per group, file and run.
--
-- The columns of line_groups, and the run of clawtrace archive that wrote them. The first part is
-- an empty one that names the columns. Parts of another clawtrace may lack some: only then is each
-- part opened to find out, which takes its time for every question.
select *
from read_parquet(
    getvariable('archive_parts'),
    union_by_name = getvariable('archive_is_mixed'),
    hive_partitioning = false
)
