-- How agents differ in ways that affect counting and reporting. One row per source.
--
-- No report names an agent: whatever is true of only one agent is a column here.
--
-- @column source Kind of log.
-- @column main_agent Name of the agent that is not a subagent; NULL if each agent has a name of its own.
-- @column marks_subagents True if a sidechain, an agent id or a log of its own means a subagent.
-- @column has_five_hour_blocks True if subscribers are limited by blocks of five hours.
-- @column deletes_old_logs True if logs are deleted cleanup_period_days after their last change.
from claude_code_traits
union all by name
from openclaw_traits
