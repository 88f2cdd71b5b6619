-- Groups of log lines that this run of clawtrace archive writes. One row per group.
--
-- Only what later layers read: no prices, no text. month is the UTC month of the time. A purge
-- leaves out groups older than its limit if their log is gone: a log that still exists would be
-- read again. Lines that say where a session runs stay with the usage they belong to.
select
    line_groups.* exclude (is_archived),
    getvariable('run') as run,
    coalesce(strftime(responded_at at time zone 'UTC', '%Y-%m'), 'unknown') as month
from line_groups
inner join log_files using (source, file_id)
semi join archivable_files using (file_id)
where line_kind in ('usage', 'session_start', 'model_change')
    and (
        is_live
        or getvariable('purge_before') is null
        or if(
            line_kind = 'usage',
            coalesce(line_groups.responded_at >= getvariable('purge_before'), true),
            file_id in (from unpurged_files)
        )
    )
order by log_files.source, log_files.path, own_key, line_groups.responded_at
