-- Cost and tokens per agent, most expensive first.
--
-- OpenClaw's agents; Claude Code's main agent, and its subagents by type.
--
-- @column agent Agent.
-- @key agent
-- @example --source claude_code
select key as agent, * exclude (key)
from usage_by(agent)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
