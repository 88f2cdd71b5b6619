-- Prices as the CSV files list them. One row per price.
--
-- USD per million tokens, in force from effective_from (a UTC day, inclusive) until the model's
-- next row. is_own marks the user's own prices.csv.
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
    filename is not distinct from getvariable('own_price_file') as is_own,
    filename as price_file
from read_csv(
    getvariable('price_files'),
    delim = ',', quote = '"', escape = '"', header = true,
    all_varchar = true, union_by_name = true, filename = true,
    -- small files: the default takes 32 MB for each
    max_line_size = 65536, buffer_size = 1048576
)
