-- Cron jobs of agents, and how their runs went. One row per source and job.
--
-- Only runs that the agents' logs still have, within the days that the command line asks for.
--
-- @column source Kind of log.
-- @column job_id Job.
-- @column job_name Its name, if the agent still has it.
-- @column runs Runs in the log. {runs}
-- @column failed_runs Failed runs. {runs, optional}
-- @column last_status Status of the last run.
-- @column last_run_at When the last run started.
select
    source,
    job_id,
    min(job_name) as job_name,
    count(*) as runs,
    count(*) filter (status is distinct from 'ok') as failed_runs,
    arg_max(status, (started_at, finished_at, status)) as last_status,
    max(started_at) as last_run_at
from cron_runs
where coalesce(started_at >= getvariable('since_at'), getvariable('since_at') is null)
    and coalesce(started_at < getvariable('until_at'), getvariable('until_at') is null)
group by source, job_id
