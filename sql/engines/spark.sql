-- Spark SQL: the files of an export as the view usage.
--
-- spark-sql -f FILE runs this as it is. Days follow the zone of the session.
set time zone {{zone}};

create or replace temporary view usage_files
using parquet
options (path {{at}});

create or replace temporary view usage as
select
    *,
    concat(source, '/', session_id) as session_key,
    cast(responded_at as date) as day
from usage_files;
