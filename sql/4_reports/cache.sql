-- What prompt caches saved, and what writing them cost, per model.
--
-- A read saves the price of uncached input minus that of cached input; a write costs more than
-- uncached input, and a one-hour write more than a five-minute one. Each response counts at the
-- price in force at its time.
--
-- @column model Model, as the price table names it.
-- @column responses Model responses. {responses, optional}
-- @column hit_percent Share of the prompts that came from the cache. {%}
-- @column input_tokens Uncached input. {tokens, optional}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_5m_tokens Input written to the short-lived cache. {tokens, optional}
-- @column cache_write_1h_tokens Input written to the long-lived cache. {tokens, optional}
-- @column saved_by_reads How much more the reads would have cost as uncached input. {USD}
-- @column write_5m_overhead How much more the short-lived writes cost than uncached input. {USD, optional}
-- @column write_1h_overhead How much more the long-lived writes cost than uncached input. {USD, optional}
-- @column net_savings What reads saved, minus both overheads. {USD}
-- @column unpriced_responses Responses not in the savings: price unknown. {responses, optional}
-- @total responses, input_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens
-- @total saved_by_reads, write_5m_overhead, write_1h_overhead, net_savings, unpriced_responses
-- @example --last 30d
select
    model,
    count(*) as responses,
    (
        100 * sum(cache_read_tokens) / nullif(sum(total_tokens - output_tokens), 0)
    )::decimal(5, 1) as hit_percent,
    sum(input_tokens)::bigint as input_tokens,
    sum(cache_read_tokens)::bigint as cache_read_tokens,
    sum(cache_write_5m_tokens)::bigint as cache_write_5m_tokens,
    sum(cache_write_1h_tokens)::bigint as cache_write_1h_tokens,
    sum(saved_by_reads) as saved_by_reads,
    sum(write_5m_overhead) as write_5m_overhead,
    sum(write_1h_overhead) as write_1h_overhead,
    sum(saved_by_reads - write_5m_overhead - write_1h_overhead) as net_savings,
    count(*) filter (saved_by_reads is null) as unpriced_responses
from cache_savings
group by model
order by net_savings desc nulls last, model
