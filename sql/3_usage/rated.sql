-- Responses, with the rate that applies to each. One row per response.
--
-- The only place that says which price a response gets: that of its model, in force at its time,
-- for its way of serving and the size of its whole prompt. If there is none, the rate is NULL. Both
-- arguments are names of relations, as text: the responses have price_provider, price_model,
-- is_fast, is_batch, is_us, prompt and responded_at; the rates are those of price_rates.
--
-- @macro responses, rates
-- @column has_price True if there is a rate.
-- @column effective_from First UTC day of the price; NULL if the start is unknown.
-- @column is_long Whether it is the price of long prompts.
-- @column multiplier Product of the fast, batch and US factors.
-- @column lacks_price True if the table has no factor for a service, which is then charged as standard.
-- @column input_rate Uncached input. {USD/token}
-- @column output_rate Output. {USD/token}
-- @column cache_read_rate Cached input. {USD/token}
-- @column cache_write_5m_rate Short-lived cache write. {USD/token}
-- @column cache_write_1h_rate Long-lived cache write. {USD/token}
-- @column web_search_rate One web search; NULL if the table has no price. {USD/search}
select
    response.*,
    rate.model is not null as has_price,
    rate.effective_from,
    rate.is_long,
    rate.multiplier,
    rate.lacks_price,
    rate.input_rate,
    rate.output_rate,
    rate.cache_read_rate,
    rate.cache_write_5m_rate,
    rate.cache_write_1h_rate,
    rate.web_search_rate
from query_table(responses) as response
left join query_table(rates) as rate
    on response.price_provider = rate.provider
    and response.price_model = rate.model
    and response.is_fast = rate.is_fast
    and response.is_batch = rate.is_batch
    and response.is_us = rate.is_us
    and response.prompt > rate.prompt_above
    and response.prompt <= rate.prompt_up_to
    and response.responded_at >= rate.holds_from_at
    and response.responded_at < rate.holds_until_at
