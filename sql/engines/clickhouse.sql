-- ClickHouse: the files of an export as the view usage.
--
-- clickhouse local --queries-file FILE runs this as it is. On a server, a folder must be inside its
-- user_files_path, and a bucket needs its keys: s3(URL, KEY, SECRET, 'Parquet').
create or replace view usage as
select
    *,
    concat(source, '/', session_id) as session_key,
    toDate(responded_at, {{zone}}) as day
from {{reader}}({{files}}, 'Parquet')
settings use_hive_partitioning = 1;
