-- Groups of log lines as the archive keeps them. One row per group, file and run.
--
-- The columns of line_groups, and the run of clawtrace archive that wrote them.
select *
from read_parquet(
    getvariable('archive_parts'), union_by_name = true, hive_partitioning = false
)
