-- Cost and tokens per agent over the timeframe, most expensive first.
--
-- @as byAgent
-- @column agent Agent.
select key as agent, * exclude (key)
from usage_shares(agent)
order by cost desc nulls last, agent
