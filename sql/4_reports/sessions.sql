-- Cost and tokens per session, most expensive first.
--
-- The agent's own session id; subagents belong to their parent's session, and --breakdown=agent
-- shows them below it. --recent and --top together show the most expensive of the most recent
-- sessions.
--
-- @param top INTEGER Only this many sessions, the most expensive.
-- @param recent INTEGER Only this many sessions, the last active, latest first.
-- @column session_id Session.
-- @column source Kind of log. {, optional}
-- @column project Project, by the end of its path.
-- @column started_at Time of its first response.
-- @column ended_at Time of its last response so far. {, optional}
-- @column models Its models. {, optional}
-- @key session_id, source, project, started_at, ended_at, models
-- @top 40
-- @example --last 7d
-- @example --top 5 --breakdown=agent
-- @example --recent 10
with summed as (
    select
        key.session_id as session_id,
        key.source as source,
        project_name as project,
        started_at,
        ended_at,
        models,
        usage_sum.* exclude (key, sessions),
        max(cost) over (partition by key) as session_cost
    from usage_by({'source': source, 'session_id': session_id}) as usage_sum
    inner join sessions
        on key.source = sessions.source and key.session_id = sessions.session_id
    left join projects on sessions.project = projects.project
),

recent as (
    select
        *,
        dense_rank() over (order by ended_at desc nulls last, session_id, source) as recent_rank
    from summed
    qualify recent_rank <= coalesce(getvariable('param_recent'), recent_rank)
),

ranked as (
    select
        *,
        dense_rank() over (order by session_cost desc nulls last, session_id, source) as cost_rank
    from recent
    qualify cost_rank <= coalesce(getvariable('param_top'), cost_rank)
)

select * exclude (session_cost, recent_rank, cost_rank)
from ranked
order by
    if(getvariable('param_recent') is not null and getvariable('param_top') is null, recent_rank, cost_rank),
    is_part, cost desc nulls last, part
