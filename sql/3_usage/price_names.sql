-- Names that the price table knows a model by, its own and those of aliases.csv. One row per name, in
-- one spelling (plain_name_of), and model.
--
-- @table
-- @column plain_name Name, in one spelling.
-- @column provider Provider in the price table.
-- @column model Model in the price table; * is every model of a local runtime.
-- @column is_own_alone True where only the user's own table has the model.
select distinct plain_name_of(name) as plain_name, provider, model, is_own_alone
from (
    select model as name, provider, model, is_own_alone from prices
    union all
    select model, provider, price_model, false from model_aliases where model <> '*'
)
