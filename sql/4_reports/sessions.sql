-- Cost and tokens per session, the costliest first.
--
-- The agent's own session id; subagents belong to their parent's session.
--
-- @column session_id Session.
-- @column source Kind of log.
-- @column project Project, by the end of its path.
-- @column started_at Time of its first response.
-- @column ended_at Time of its last response so far.
-- @column models Its models.
-- @top 40
-- @example --last 7d
select
    key.session_id as session_id,
    key.source as source,
    project_name as project,
    started_at,
    ended_at,
    models,
    usage_sum.* exclude (key, sessions)
from usage_by({'source': source, 'session_id': session_id}) as usage_sum
inner join sessions
    on key.source = sessions.source and key.session_id = sessions.session_id
left join projects on sessions.project = projects.project
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
