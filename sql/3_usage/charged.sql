-- Responses, with what each costs at its rate. One row per response.
--
-- The only place that says what tokens cost: their number times the rate, kind by kind, without
-- rounding. Web searches without a price in the table cost nothing; without a rate, nothing has a
-- cost. The argument is the name of a relation, as text, whose rows have the counts of a response
-- and the rates of price_rates.
--
-- @macro responses
-- @column input_charge Cost of the uncached input. {USD}
-- @column output_charge Cost of the output. {USD}
-- @column cache_read_charge Cost of the cache reads. {USD}
-- @column cache_write_5m_charge Cost of the short-lived cache writes. {USD}
-- @column cache_write_1h_charge Cost of the long-lived cache writes. {USD}
-- @column web_search_charge Cost of the web searches. {USD}
-- @column charge Sum of them. {USD}
select
    *,
    (input_tokens * input_rate)::decimal(38, 12) as input_charge,
    (output_tokens * output_rate)::decimal(38, 12) as output_charge,
    (cache_read_tokens * cache_read_rate)::decimal(38, 12) as cache_read_charge,
    (cache_write_5m_tokens * cache_write_5m_rate)::decimal(38, 12) as cache_write_5m_charge,
    (cache_write_1h_tokens * cache_write_1h_rate)::decimal(38, 12) as cache_write_1h_charge,
    case when input_rate is not null
        then coalesce(web_searches * web_search_rate, 0)
    end::decimal(38, 12) as web_search_charge,
    input_charge + output_charge + cache_read_charge + cache_write_5m_charge
    + cache_write_1h_charge + web_search_charge as charge
from query_table(responses)
