-- How the agents differ, as far as counting and reporting depend on it. One row per source.
--
-- No report names an agent: what holds for one of them is a column here.
--
-- @column source Kind of log.
-- @column main_agent Name of the agent that is no subagent; NULL where each has a name of its own.
-- @column marks_subagents True if a sidechain, the id of an agent or a log of its own means a subagent.
-- @column has_five_hour_blocks True if subscribers are limited by blocks of five hours.
-- @column deletes_old_logs True if logs are deleted cleanup_period_days after their last change.
from claude_code_traits
union all by name
from openclaw_traits
