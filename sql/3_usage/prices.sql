-- Prices with the days they hold. One row per price in force.
--
-- Blank cells are filled: a price above the threshold is its base cell, a 1-hour cache write the
-- 5-minute one, a cache kind without a price the input price. A model's first row reaches back
-- before its date. From the user's first row of a model on, only the user's rows count.
-- Prices are USD per million tokens, and per 1000 web searches.
--
-- @table
-- @column provider Who sells at this price.
-- @column model Name of the model in the price table; * is every model of a local runtime.
-- @column effective_from First UTC day of the price; NULL when the start is not known.
-- @column holds_from First UTC day it is used for; NULL reaches back without end.
-- @column holds_until First UTC day of the next price; NULL when it is the last one.
-- @column input_price Uncached input. {USD/M}
-- @column output_price Output, reasoning included. {USD/M}
-- @column cache_read_price Cached input. {USD/M}
-- @column cache_write_5m_price Cache write, short-lived. {USD/M}
-- @column cache_write_1h_price Cache write, long-lived. {USD/M}
-- @column long_context_threshold A larger prompt is charged at the prices above. {tokens}
-- @column input_price_above Uncached input above the threshold. {USD/M}
-- @column output_price_above Output above the threshold. {USD/M}
-- @column cache_read_price_above Cached input above the threshold. {USD/M}
-- @column cache_write_5m_price_above Short-lived cache write above the threshold. {USD/M}
-- @column cache_write_1h_price_above Long-lived cache write above the threshold. {USD/M}
-- @column fast_multiplier Factor of fast or priority service; NULL when none is sold.
-- @column batch_multiplier Factor of batch service; NULL when none is sold.
-- @column us_multiplier Factor of inference kept in the US; NULL when it costs nothing extra.
-- @column web_search_price Web searches. {USD/1000}
-- @column source Where the price was read.
-- @column confidence high, med or low.
-- @column notes What to know about it.
-- @column is_own True for a price of the user's own table.
-- @column price_file File that lists it.
with beaten as (
    select
        *,
        min(case when is_own then coalesce(effective_from, date '-infinity') end)
            over (partition by provider, model) as own_from
    from price_list
)

select
    provider,
    model,
    effective_from,
    case when row_number() over earlier > 1 then effective_from end as holds_from,
    lead(effective_from) over earlier as holds_until,
    "input" as input_price,
    "output" as output_price,
    coalesce(cache_read, "input") as cache_read_price,
    coalesce(cache_write_5m, "input") as cache_write_5m_price,
    coalesce(cache_write_1h, cache_write_5m, "input") as cache_write_1h_price,
    long_context_threshold,
    coalesce(input_above, "input") as input_price_above,
    coalesce(output_above, "output") as output_price_above,
    coalesce(cache_read_above, cache_read, input_above, "input") as cache_read_price_above,
    coalesce(cache_write_5m_above, cache_write_5m, input_above, "input")
        as cache_write_5m_price_above,
    coalesce(
        cache_write_1h_above, cache_write_1h, cache_write_5m_above, cache_write_5m, input_above,
        "input"
    ) as cache_write_1h_price_above,
    fast_multiplier,
    batch_multiplier,
    us_multiplier,
    web_search_per_1k as web_search_price,
    "source",
    confidence,
    notes,
    is_own,
    price_file
from beaten
where is_own or own_from is null or effective_from < own_from
window earlier as (partition by provider, model order by effective_from nulls first)
