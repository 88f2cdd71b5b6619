-- Cost and tokens per model over the timeframe, most expensive first.
--
-- @as byModel
-- @column model Model.
select key as model, * exclude (key)
from usage_shares(model)
order by cost desc nulls last, model
