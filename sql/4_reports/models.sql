-- Cost and tokens per model, the costliest first.
--
-- Models by their name in the price table, as logged where it has none.
--
-- @column model Model.
-- @key model
-- @example --last 7d
select key as model, * exclude (key)
from usage_by(model)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
