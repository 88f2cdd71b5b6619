-- Sessions that an agent has open now, if it says so. One row per lock.
--
-- @column source Kind of log.
-- @column agent Agent whose folder it is in.
-- @column session_id Session.
-- @column locked_at Time of the lock.
from openclaw_locks
