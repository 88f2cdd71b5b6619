-- What prompt caches saved, and what writing them cost. One row per response.
--
-- A read saves the price of uncached input minus that of cached input; a write costs more than
-- uncached input, and a one-hour write more than a five-minute one. Each response counts at the
-- price in force at its time.
--
-- @column saved_by_reads How much more the reads would have cost as uncached input. {USD}
-- @column write_5m_overhead How much more the short-lived writes cost than uncached input. {USD}
-- @column write_1h_overhead How much more the long-lived writes cost than uncached input. {USD}
select
    * exclude (
        other_model, other_cost, input_rate, cache_read_rate, cache_write_5m_rate,
        cache_write_1h_rate
    ),
    cache_read_tokens * (input_rate - cache_read_rate) as saved_by_reads,
    cache_write_5m_tokens * (cache_write_5m_rate - input_rate) as write_5m_overhead,
    cache_write_1h_tokens * (cache_write_1h_rate - input_rate) as write_1h_overhead
from usage_on(priced_as)
