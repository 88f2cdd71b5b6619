-- Cost and tokens by what started the agent: chats, cron jobs, heartbeats, channels, subagents.
--
-- OpenClaw's sessions are classified by their key (session_kinds); a session of unknown kind is no
-- longer in its index. Claude Code's are the main session or a subagent. The runs of a cron job are
-- another view of the cost beside them, and add nothing to it.
--
-- @column source Kind of log.
-- @column kind main, cron, heartbeat, subagent, channel, or another kind of OpenClaw's; NULL: unknown.
-- @column name The cron job, the channel, or the subagent's type.
-- @column runs Runs in the cron job's log. {runs, optional}
-- @column failed_runs Failed runs. {runs, optional}
-- @column last_status Status of the last run.
-- @column last_run_at When the last run started. {time, optional}
-- @key source, kind, name
-- @example --last 7d
with kind_sum as (
    select
        key.source as source,
        key.kind as kind,
        key.name as name,
        usage_sum.* exclude (key)
    from usage_by((
        select {'source': usage.source, 'kind': kind, 'name': name}
        from response_triggers as triggered
        where triggered.source = usage.source and triggered.response_key = usage.response_key
    )) as usage_sum
)

select
    kind_sum.source,
    kind,
    coalesce(cron_jobs.job_name, name) as name,
    kind_sum.* exclude (source, kind, name),
    if(is_part, null, cron_jobs.runs) as runs,
    if(is_part, null, cron_jobs.failed_runs) as failed_runs,
    if(is_part, null, cron_jobs.last_status) as last_status,
    if(is_part, null, cron_jobs.last_run_at) as last_run_at
from kind_sum
left join cron_jobs
    on kind_sum.kind = 'cron'
    and kind_sum.source = cron_jobs.source
    and kind_sum.name = cron_jobs.job_id
order by
    max(cost) over (partition by kind_sum.source, kind, kind_sum.name) desc nulls last,
    kind_sum.source,
    kind,
    kind_sum.name,
    is_part,
    cost desc nulls last,
    part
