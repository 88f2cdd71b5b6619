-- Cost per day, hour of the day, and project.
--
-- @column day Calendar day.
-- @column weekday Day of the week, 1 for Monday.
-- @column hour Hour of the day, by local time.
-- @column project Project, by the end of its path.
-- @column responses Model responses. {responses}
-- @column cost List price: what the API would have charged. {USD}
select
    responded_at::date as day,
    isodow(responded_at) as weekday,
    hour(responded_at) as hour,
    project_name as project,
    count(*) as responses,
    sum(cost) as cost
from usage
left join projects on usage.project = projects.project
where responded_at is not null
group by all
order by day, hour, project
