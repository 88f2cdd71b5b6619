-- The figures of the rows under the keys of tenacitOS.
--
-- @object
-- @column today Cost of today. {USD}
-- @column yesterday Cost of yesterday. {USD}
-- @column thisMonth Cost of this month up to today. {USD}
-- @column lastMonth Cost of last month. {USD}
-- @column projected Cost of this month / days so far * days of the month. {USD}
-- @column budget Monthly budget in the config file; NULL without one. {USD}
select
    max(cost) filter (period = 'today') as today,
    max(cost) filter (period = 'yesterday') as yesterday,
    max(cost) filter (period = 'this month') as "thisMonth",
    max(cost) filter (period = 'last month') as "lastMonth",
    max(cost) filter (period = 'projected') as projected,
    max(cost) filter (period = 'budget') as budget
from result
