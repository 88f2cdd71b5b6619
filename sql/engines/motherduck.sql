-- MotherDuck, or any DuckDB: the files of an export as the table usage.
--
-- duckdb md: -f FILE runs this as it is. A private bucket needs a secret: create secret (type s3,
-- …).
create or replace table usage as
select
    *,
    concat(source, '/', session_id) as session_key,
    cast(timezone({{zone}}, responded_at) as date) as day
from read_parquet({{files}}, hive_partitioning = true, hive_types_autocast = false);
