-- The daily series under the keys of the first clawtrace's cost-report.
--
-- @object
-- @column timeseries Cost of each day: {date, cost_usd}.
select coalesce(list({'date': day, 'cost_usd': cost} order by day), []) as timeseries
from result
