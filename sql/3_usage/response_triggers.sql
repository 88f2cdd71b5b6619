-- What started the agent, for each response of the usage. One row per response.
--
-- The session's kind if the agent's index has it (session_kinds); else subagent or main agent, if
-- the log distinguishes them.
--
-- @column source Kind of log.
-- @column response_key Response (usage).
-- @column kind main, cron, heartbeat, subagent, channel, or another kind of the agent's; NULL: unknown.
-- @column name Id of the cron job, channel, or type of the subagent.
select
    usage.source,
    usage.response_key,
    case
        when session_kinds.kind is not null then session_kinds.kind
        when is_subagent then 'subagent'
        when main_agent is not null then 'main'
    end as kind,
    case
        when session_kinds.kind is not null then coalesce(channel, job_id)
        when is_subagent then usage.agent
    end as name
from usage
left join source_traits on usage.source = source_traits.source
left join session_kinds
    on usage.source = session_kinds.source
    and coalesce(usage.agent, '') = coalesce(session_kinds.agent, '')
    and indexed_session(usage.session_id) = session_kinds.session_id
