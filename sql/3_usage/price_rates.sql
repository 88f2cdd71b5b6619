-- What one token costs, for each price that is wanted and each way of serving. One row per price,
-- prompt size and way of serving.
--
-- Fast, batch and US inference multiply the price of tokens; above the threshold, the long-context
-- prices apply to the whole request. All factors are multiplied here, once per price: 12 decimals
-- hold every product of the price table exactly (a test computes them), so that the cost of a
-- response is tokens times rate, without rounding.
--
-- @macro is_wanted
-- @column provider Who sells at this price.
-- @column model Name of the model in the price table.
-- @column effective_from First UTC day of the price; NULL if the start is unknown.
-- @column holds_from_at First moment at which it applies: prices change at midnight UTC.
-- @column holds_until_at First moment of the next price.
-- @column is_long Whether it is the price of long prompts.
-- @column prompt_above It applies to prompts above this size. {tokens}
-- @column prompt_up_to It applies to prompts up to this size. {tokens}
-- @column is_fast Whether it is for fast service.
-- @column is_batch Whether it is for batch service.
-- @column is_us Whether it is for inference kept in the US.
-- @column multiplier Product of the three factors.
-- @column lacks_price True if the table has no factor for a service, which is then charged as standard.
-- @column input_rate Uncached input. {USD/token}
-- @column output_rate Output. {USD/token}
-- @column cache_read_rate Cached input. {USD/token}
-- @column cache_write_5m_rate Short-lived cache write. {USD/token}
-- @column cache_write_1h_rate Long-lived cache write. {USD/token}
-- @column web_search_rate One web search; NULL if the table has no price. {USD/search}
with choice as (select unnest([false, true]) as chosen),

served as (
    select
        prices.*,
        long.chosen as is_long,
        fast.chosen as is_fast,
        batch.chosen as is_batch,
        us.chosen as is_us,
        (
            if(is_fast, coalesce(fast_multiplier, 1), 1)
            * if(is_batch, coalesce(batch_multiplier, 1), 1)
            * if(is_us, coalesce(us_multiplier, 1), 1)
        )::decimal(9, 6) as multiplier,
        multiplier * 0.000001::decimal(6, 6) as per_token
    from prices
    cross join choice as long
    cross join choice as fast
    cross join choice as batch
    cross join choice as us
    where (not is_long or long_context_threshold is not null) and is_wanted
)

select
    provider,
    model,
    effective_from,
    coalesce(holds_from::timestamp at time zone 'UTC', timestamptz '-infinity') as holds_from_at,
    coalesce(holds_until::timestamp at time zone 'UTC', timestamptz 'infinity') as holds_until_at,
    is_long,
    if(is_long, long_context_threshold, -1) as prompt_above,
    coalesce(if(is_long, null, long_context_threshold), 9223372036854775807) as prompt_up_to,
    is_fast,
    is_batch,
    is_us,
    multiplier,
    (is_fast and fast_multiplier is null) or (is_batch and batch_multiplier is null) as lacks_price,
    (if(is_long, input_price_above, input_price) * per_token)::decimal(18, 12) as input_rate,
    (if(is_long, output_price_above, output_price) * per_token)::decimal(18, 12) as output_rate,
    (if(is_long, cache_read_price_above, cache_read_price) * per_token)::decimal(18, 12)
        as cache_read_rate,
    (if(is_long, cache_write_5m_price_above, cache_write_5m_price) * per_token)::decimal(18, 12)
        as cache_write_5m_rate,
    (if(is_long, cache_write_1h_price_above, cache_write_1h_price) * per_token)::decimal(18, 12)
        as cache_write_1h_rate,
    (web_search_price * 0.001::decimal(3, 3))::decimal(18, 12) as web_search_rate
from served
