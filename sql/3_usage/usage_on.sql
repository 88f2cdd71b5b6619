-- Usage priced again, on a model of the price table that may be another one. One row per response.
--
-- The other model is an expression over usage, so that each response can have its own: with the
-- model that it was priced on, other_cost equals cost. The tokens and the way of serving stay the
-- same; the price is the one in force on the response's day.
--
-- @macro other
-- @column other_model Provider and model of the other price.
-- @column other_cost What the response would have cost at that price; NULL if there is none. {USD}
-- @column input_rate Uncached input of the other model. {USD/token}
-- @column cache_read_rate Cached input of the other model. {USD/token}
-- @column cache_write_5m_rate Short-lived cache write of the other model. {USD/token}
-- @column cache_write_1h_rate Long-lived cache write of the other model. {USD/token}
with asked as (
    select usage.*, other as other_model from usage
),

response as (
    select
        *,
        other_model.provider as price_provider,
        other_model.model as price_model,
        total_tokens - output_tokens as prompt
    from asked
),

rate as (from price_rates(true)),

rated_response as (from rated('response', 'rate'))

select
    * exclude (
        price_provider, price_model, prompt, has_price, effective_from, is_long, multiplier,
        lacks_price, output_rate, web_search_rate, input_charge, output_charge, cache_read_charge,
        cache_write_5m_charge, cache_write_1h_charge, web_search_charge
    ) rename (charge as other_cost)
from charged('rated_response')
