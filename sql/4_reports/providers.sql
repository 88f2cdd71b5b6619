-- Cost and tokens per provider, most expensive first.
--
-- The provider is the one that the log names, else the vendor of the model.
--
-- @column provider Provider.
-- @key provider
-- @example --breakdown=model
select key as provider, * exclude (key)
from usage_by(provider)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
