-- Sessions in OpenClaw's index. One row per agent, session and key.
--
-- sessions.json of each agent's folder, and since 2026.8.1 the tables session_windows and
-- session_nodes of its database, lead from a key such as agent:main:cron:<job> to the session that
-- is current, and to those it had before (usageFamilySessionIds, previousSessionId, windows). A key
-- may hold who was talked to, so reports never show one.
--
-- @column agent Agent whose folder it is in.
-- @column session_id Session.
-- @column session_key Key that OpenClaw knows it by.
-- @column channel Channel it came from, where the index names one.
-- @column created_via What made the key: operator, spawn, channel, cron …; NULL before 2026.8.
-- @column is_heartbeat True for a session that heartbeats have to themselves.
-- @column is_current False for one that its key had before.
select
    agent,
    session_id,
    session_key,
    lower(channel) as channel,
    created_via,
    is_heartbeat,
    is_current
from found_sessions
