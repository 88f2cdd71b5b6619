-- Sessions that OpenClaw has open now. One row per lock.
--
-- While a run writes a transcript, <transcript>.lock is beside it. A lock that a crash left behind
-- stays until OpenClaw starts again.
--
-- @column source Kind of log.
-- @column agent Agent whose folder it is in.
-- @column session_id Session.
-- @column locked_at Time of the lock.
select 'openclaw' as source, agent, session_id, locked_at
from found_locks
