-- Groups of log lines as the archive keeps them. One row per group, file and run.
--
-- The columns of line_groups, and the run of clawtrace archive that wrote them. The first part is
-- empty and names the columns. Parts written by another version of clawtrace may lack some: only
-- then is each part opened to find out, which takes time on every query.
select *
from read_parquet(
    getvariable('archive_parts'),
    union_by_name = getvariable('archive_is_mixed'),
    hive_partitioning = false
)
