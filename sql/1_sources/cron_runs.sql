-- Runs of OpenClaw's cron jobs, from the jobs' logs. One row per run.
--
-- The logs are cron/runs/<job>.jsonl beside the agents' folders; the jobs are in cron/jobs.json.
-- OpenClaw keeps the last 2000 lines per job. total_tokens repeats what the run's session logged:
-- never add it.
--
-- @column source Kind of log.
-- @column job_id Job.
-- @column job_name Its name, if cron/jobs.json still has it.
-- @column agent Agent of the job, if cron/jobs.json still has the job and names one.
-- @column session_id Session of the run.
-- @column session_key Key of that session.
-- @column status ok, error or skipped.
-- @column started_at Time it started.
-- @column finished_at Time it finished.
-- @column duration_ms How long it took. {ms}
-- @column model Model it ran on.
-- @column total_tokens Tokens stated in the run's log; the session already logged them. {tokens}
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
