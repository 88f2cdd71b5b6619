-- What set each response of the usage going. One row per response.
--
-- The session's kind where an agent's index tells it (session_kinds); else subagents and the main
-- agent, where the log tells them apart.
--
-- @column source Kind of log.
-- @column response_key Response (usage).
-- @column kind main, cron, heartbeat, subagent, channel, or another of the agent's; NULL: unknown.
-- @column name The id of the cron job, the channel, or the subagent's type.
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
