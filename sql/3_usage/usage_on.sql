-- Usage priced once more, on a model of the price table that may be another one. One row per
-- response.
--
-- The other model is an expression over usage, so that each response can have its own: with the
-- model that it was priced on, other_cost is cost. The tokens and the way of being served stay the
-- same, the price is the one in force at the response's day.
--
-- @macro other
-- @column other_model Provider and model of the other price.
-- @column other_cost What the response would have cost at that price; NULL without one. {USD}
-- @column input_rate Uncached input of the other model. {USD/token}
-- @column cache_read_rate Cached input of the other model. {USD/token}
-- @column cache_write_5m_rate Short-lived cache write of the other model. {USD/token}
-- @column cache_write_1h_rate Long-lived cache write of the other model. {USD/token}
with asked as (
    select usage.*, other as other_model from usage
)

select
    asked.*,
    (
        (input_tokens * input_rate)::decimal(38, 12)
        + (output_tokens * output_rate)::decimal(38, 12)
        + (cache_read_tokens * cache_read_rate)::decimal(38, 12)
        + (cache_write_5m_tokens * cache_write_5m_rate)::decimal(38, 12)
        + (cache_write_1h_tokens * cache_write_1h_rate)::decimal(38, 12)
        + coalesce(web_searches * web_search_rate, 0)::decimal(38, 12)
    ) as other_cost,
    input_rate,
    cache_read_rate,
    cache_write_5m_rate,
    cache_write_1h_rate
from asked
left join price_rates(true) as rate
    on asked.other_model.provider = rate.provider
    and asked.other_model.model = rate.model
    and asked.is_fast = rate.is_fast
    and asked.is_batch = rate.is_batch
    and asked.is_us = rate.is_us
    and asked.total_tokens - asked.output_tokens > rate.prompt_above
    and asked.total_tokens - asked.output_tokens <= rate.prompt_up_to
    and asked.responded_at >= rate.holds_from_at
    and asked.responded_at < rate.holds_until_at
