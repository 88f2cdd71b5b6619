-- What prompt caches saved, and what writing them cost, per model.
--
-- Each response counts at its own price in force: a read saves the price of uncached input less
-- that of cached input; a write costs more than uncached input, for an hour more than for five
-- minutes.
--
-- @column model Model, as the price table names it.
-- @column responses Responses of a model. {responses, optional}
-- @column hit_percent Share of the prompts that came from the cache. {%}
-- @column input_tokens Uncached input. {tokens, optional}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_5m_tokens Input written to the short-lived cache. {tokens, optional}
-- @column cache_write_1h_tokens Input written to the long-lived cache. {tokens, optional}
-- @column saved_by_reads What the reads would have cost more as uncached input. {USD}
-- @column write_5m_overhead What the short-lived writes cost more than uncached input. {USD, optional}
-- @column write_1h_overhead What the long-lived writes cost more than uncached input. {USD, optional}
-- @column net_savings What reads saved, less both overheads. {USD}
-- @column unpriced_responses Responses that are not in the savings: nobody knows their price. {responses, optional}
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
