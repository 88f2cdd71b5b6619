-- Names by which the price table knows a model: its own and those of aliases.csv. One row per name,
-- in its normalised spelling (plain_name_of), and model.
--
-- @table
-- @column plain_name Name, in its normalised spelling.
-- @column provider Provider in the price table.
-- @column model Model in the price table; * is every model of a local runtime.
-- @column is_own_alone True if only the user's own table has the model.
select distinct plain_name_of(name) as plain_name, provider, model, is_own_alone
from (
    select model as name, provider, model, is_own_alone from prices
    union all
    select model, provider, price_model, false from model_aliases where model <> '*'
)
