-- Cost and tokens per day, project, model, agent, provider and source: the most detailed sums.
--
-- For pages and spreadsheets to sum up further: every row of usage is in exactly one of them.
-- Sessions are left out, because a session may be in several.
--
-- @column day Calendar day.
-- @column project Project, by the end of its path.
-- @column model Model.
-- @column agent Agent that ran.
-- @column provider Provider. {, optional}
-- @column source Kind of log. {, optional}
-- @key day, project, model, agent, provider, source
-- @top 40
-- @example --last 7d
-- @example --format csv
select
    key.day as day,
    project_name as project,
    key.model as model,
    key.agent as agent,
    key.provider as provider,
    key.source as source,
    usage_sum.* exclude (key, sessions)
from usage_by({
    'day': responded_at::date,
    'project': project,
    'model': model,
    'agent': agent,
    'provider': provider,
    'source': source
}) as usage_sum
left join projects on key.project = projects.project
order by
    key.day, key.project, key.model, key.agent, key.provider, key.source,
    is_part, cost desc nulls last, part
