-- The project of each session: where its first usage line ran. One row per session.
--
-- The working directory may change from line to line, the project does not. OpenClaw names it at
-- the start of the session. If no line names one, it is the folder of the logs, in Claude Code's
-- lossy spelling.
--
-- @column source Kind of log.
-- @column session_id Session.
-- @column project Path of its project.
with place as (
    select
        source,
        session_id,
        cwd,
        is_sidechain,
        is_copy,
        min(file_id) as file_id,
        min(responded_at) as responded_at
    from line_groups
    where line_kind in ('usage', 'session_start')
    group by all
)

select
    source,
    session_id,
    coalesce(
        arg_min(cwd, (responded_at, is_sidechain, is_copy, cwd)), min(folder_project)
    ) as project
from place
left join log_files using (source, file_id)
group by source, session_id
