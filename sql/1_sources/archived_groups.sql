-- Groups of log lines as the archive keeps them. One row per group, file and run.
--
-- The columns of line_groups, and the run of clawtrace archive that wrote them. The first part is
-- an empty one that names the columns: else each part would be opened for every question.
select *
from read_parquet(getvariable('archive_parts'), hive_partitioning = false)
