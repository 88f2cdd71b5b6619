-- Cost and tokens per model, most expensive first.
--
-- Models are named as in the price table, or as logged if it does not have them.
--
-- @column model Model.
-- @key model
-- @example --last 7d
select key as model, * exclude (key)
from usage_by(model)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
