-- Trino, with its Hive connector: the files of an export as the view usage.
--
-- trino --catalog hive --file FILE runs this as it is. Times are in UTC, as the files have
-- them.
create schema if not exists clawtrace;

drop table if exists clawtrace.usage_files;

create table clawtrace.usage_files (
    response_key varchar,
    machine varchar,
    provider varchar,
    model varchar,
    logged_provider varchar,
    logged_model varchar,
    session_id varchar,
    agent varchar,
    agent_id varchar,
    is_subagent boolean,
    project varchar,
    cwd varchar,
    git_branch varchar,
    responded_at timestamp,
    input_tokens bigint,
    output_tokens bigint,
    reasoning_tokens bigint,
    cache_read_tokens bigint,
    cache_write_5m_tokens bigint,
    cache_write_1h_tokens bigint,
    total_tokens bigint,
    web_searches bigint,
    speed varchar,
    service_tier varchar,
    inference_geo varchar,
    input_cost decimal(38, 12),
    output_cost decimal(38, 12),
    cache_read_cost decimal(38, 12),
    cache_write_5m_cost decimal(38, 12),
    cache_write_1h_cost decimal(38, 12),
    cache_write_cost decimal(38, 12),
    web_search_cost decimal(38, 12),
    cost decimal(38, 12),
    logged_cost decimal(38, 12),
    cost_basis varchar,
    priced_as row(provider varchar, model varchar),
    price_from date,
    price_tier varchar,
    price_multiplier decimal(9, 6),
    is_fast boolean,
    is_batch boolean,
    is_us boolean,
    has_uncharged_extra boolean,
    has_negative_count boolean,
    file varchar,
    line bigint,
    log_lines bigint,
    month varchar,
    source varchar
) with (
    external_location = {{at}},
    format = 'PARQUET',
    partitioned_by = array['month', 'source']
);

call system.sync_partition_metadata('clawtrace', 'usage_files', 'FULL');

use clawtrace;

create or replace view usage as
select
    *,
    concat(source, '/', session_id) as session_key,
    cast(at_timezone(with_timezone(responded_at, 'UTC'), {{zone}}) as date) as day
from usage_files;
