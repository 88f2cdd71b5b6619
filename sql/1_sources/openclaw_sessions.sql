-- Sessions in OpenClaw's index. One row per agent, session and key.
--
-- sessions.json in each agent's folder and, since 2026.8.1, the tables session_windows and
-- session_nodes of its database map a key such as agent:main:cron:<job> to its current session and
-- to earlier ones (usageFamilySessionIds, previousSessionId, windows). A key may reveal who was
-- talked to, so reports never show one.
--
-- @column agent Agent whose folder it is in.
-- @column session_id Session.
-- @column session_key OpenClaw's key for it.
-- @column channel Channel it came from, if the index names one.
-- @column created_via What created the key: operator, spawn, channel, cron …; NULL before 2026.8.
-- @column is_heartbeat True for a session that only heartbeats use.
-- @column is_current False for an earlier session of its key.
select
    agent,
    session_id,
    session_key,
    lower(channel) as channel,
    created_via,
    is_heartbeat,
    is_current
from found_sessions
