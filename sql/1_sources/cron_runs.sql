-- Runs of OpenClaw's cron jobs, as their logs tell them. One row per run.
--
-- cron/runs/<job>.jsonl beside the agents' folders, and the jobs in cron/jobs.json. OpenClaw keeps
-- the last 2000 lines per job. total_tokens is a second view of what the run's session logged:
-- never add it.
--
-- @column source Kind of log.
-- @column job_id Job.
-- @column job_name Its name, where cron/jobs.json still has it.
-- @column agent Agent of the job, where cron/jobs.json still has it and names one.
-- @column session_id Session of the run.
-- @column session_key Key of that session.
-- @column status ok, error or skipped.
-- @column started_at Time it started.
-- @column finished_at Time it finished.
-- @column duration_ms How long it took. {ms}
-- @column model Model it ran on.
-- @column total_tokens Tokens that the run's log names; the session logged them already. {tokens}
select
    'openclaw' as source,
    job_id,
    job_name,
    agent,
    session_id,
    session_key,
    status,
    make_timestamptz(ran_ms * 1000) as started_at,
    make_timestamptz(finished_ms * 1000) as finished_at,
    duration_ms,
    model,
    total_tokens
from found_cron_runs
