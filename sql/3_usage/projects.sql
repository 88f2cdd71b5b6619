-- Projects and their short names. One row per project.
--
-- The name is the end of the path, as many folders as it takes to tell it from the others.
--
-- @column project Path of the project.
-- @column project_name Its short name.
with folders as (
    select distinct project, string_split_regex(rtrim(project, '/\'), '[/\\]') as folders
    from session_projects
    where project is not null
),

ending as (
    select project, depth, array_to_string(folders[-depth:], '/') as project_name
    from folders, unnest(range(1, len(folders) + 1)) as depths (depth)
),

counted as (
    select *, count(*) over (partition by project_name) as rivals from ending
)

select
    project,
    coalesce(nullif(arg_min(project_name, depth) filter (rivals = 1), ''), project) as project_name
from counted
group by project
