-- Prices as listed in the CSV files. One row per price.
--
-- USD per million tokens, in force from effective_from (a UTC day, inclusive) until the model's
-- next row. is_own marks the user's own prices.csv, which need not have every column.
with listed as (
    select *, false as is_own
    from read_csv(
        getvariable('price_files'),
        -- a folder may be called model=x
        hive_partitioning = false,
        delim = ',', quote = '"', escape = '"', header = true, filename = true,
        -- the files are small: by default, each takes 32 MB
        max_line_size = 65536, buffer_size = 1048576,
        -- the columns of each file's header (a test compares them): detecting them takes longer
        auto_detect = false,
        columns = {
            provider: 'varchar',
            model: 'varchar',
            effective_from: 'varchar',
            "input": 'varchar',
            "output": 'varchar',
            cache_read: 'varchar',
            cache_write_5m: 'varchar',
            cache_write_1h: 'varchar',
            long_context_threshold: 'varchar',
            input_above: 'varchar',
            output_above: 'varchar',
            cache_read_above: 'varchar',
            cache_write_5m_above: 'varchar',
            cache_write_1h_above: 'varchar',
            fast_multiplier: 'varchar',
            batch_multiplier: 'varchar',
            us_multiplier: 'varchar',
            web_search_per_1k: 'varchar',
            "source": 'varchar',
            confidence: 'varchar',
            notes: 'varchar'
        }
    )
    union all by name
    select *, true as is_own
    from read_csv(
        getvariable('own_price_file'),
        hive_partitioning = false,
        delim = ',', quote = '"', escape = '"', header = true, filename = true,
        all_varchar = true, max_line_size = 65536, buffer_size = 1048576
    )
)

select
    provider,
    model,
    effective_from::date as effective_from,
    "input"::decimal(12, 6) as "input",
    "output"::decimal(12, 6) as "output",
    cache_read::decimal(12, 6) as cache_read,
    cache_write_5m::decimal(12, 6) as cache_write_5m,
    cache_write_1h::decimal(12, 6) as cache_write_1h,
    long_context_threshold::bigint as long_context_threshold,
    input_above::decimal(12, 6) as input_above,
    output_above::decimal(12, 6) as output_above,
    cache_read_above::decimal(12, 6) as cache_read_above,
    cache_write_5m_above::decimal(12, 6) as cache_write_5m_above,
    cache_write_1h_above::decimal(12, 6) as cache_write_1h_above,
    fast_multiplier::decimal(6, 3) as fast_multiplier,
    batch_multiplier::decimal(6, 3) as batch_multiplier,
    us_multiplier::decimal(6, 3) as us_multiplier,
    web_search_per_1k::decimal(12, 6) as web_search_per_1k,
    "source",
    confidence,
    notes,
    is_own,
    filename as price_file
from listed
