-- Sessions in the usage. One row per session.
--
-- @column source Kind of log.
-- @column session_id The agent's own session id.
-- @column project Path of its project.
-- @column started_at Time of its first response.
-- @column ended_at Time of its last response so far.
-- @column models Its models, in alphabetical order.
select
    source,
    session_id,
    min(project) as project,
    min(responded_at) as started_at,
    max(responded_at) as ended_at,
    array_to_string(list_sort(list(distinct model)), ', ') as models
from usage
group by source, session_id
