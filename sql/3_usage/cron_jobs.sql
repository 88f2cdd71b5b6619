-- Cron jobs of agents, and how their runs went. One row per source and job.
--
-- As far as the logs of their runs reach, within the days that the command line asks for.
--
-- @column source Kind of log.
-- @column job_id Job.
-- @column job_name Its name, where the agent still has it.
-- @column runs Runs in the log. {runs}
-- @column failed_runs Those that did not end well. {runs, optional}
-- @column last_status How the last one ended.
-- @column last_run_at When it started.
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
