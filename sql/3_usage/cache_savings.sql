-- What prompt caches saved, and what writing them cost. One row per response.
--
-- A read saves the price of uncached input less that of cached input; a write costs more than uncached
-- input, for an hour more than for five minutes. Each response counts at its own price in force.
--
-- @column saved_by_reads What the reads would have cost more as uncached input. {USD}
-- @column write_5m_overhead What the short-lived writes cost more than uncached input. {USD}
-- @column write_1h_overhead What the long-lived writes cost more than uncached input. {USD}
select
    * exclude (
        other_model, other_cost, input_rate, cache_read_rate, cache_write_5m_rate,
        cache_write_1h_rate
    ),
    cache_read_tokens * (input_rate - cache_read_rate) as saved_by_reads,
    cache_write_5m_tokens * (cache_write_5m_rate - input_rate) as write_5m_overhead,
    cache_write_1h_tokens * (cache_write_1h_rate - input_rate) as write_1h_overhead
from usage_on(priced_as)
