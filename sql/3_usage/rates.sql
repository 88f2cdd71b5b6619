-- The rates of models in the logs. One row per price, prompt size and service.
--
-- @table
from price_rates((provider, model) in (select (price_provider, price_model) from priced_models))
