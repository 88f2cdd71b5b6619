-- Cost and tokens per project, most expensive first.
--
-- A session's project is where its first usage line ran: identified by its full path, shown by the
-- end of it.
--
-- @column project End of its path, as long as needed to tell it from the others.
-- @column project_path Its path.
-- @key project, project_path
-- @example --last 7d
select
    project_name as project,
    key as project_path,
    usage_sum.* exclude (key)
from usage_by(project) as usage_sum
left join projects on key = projects.project
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
