-- What started each session, if the agent's index says so. One row per source, agent and session.
--
-- @column source Kind of log.
-- @column agent Agent whose folder the session is in.
-- @column session_id Session.
-- @column kind main, cron, heartbeat, subagent, channel, or another kind that the agent distinguishes.
-- @column channel Channel of a chat.
-- @column job_id Cron job.
from openclaw_session_kinds
