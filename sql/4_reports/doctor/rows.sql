-- What was found in the logs, what was left out and why, and what looks odd.
--
-- Lines are counted in all files that were read; unpriced models and odd values only in the usage
-- that passes the filters. Claude Code deletes a log a number of days after its last change
-- (cleanupPeriodDays in its settings.json, 30 if not set): here the days are counted from the last
-- response, because copying a file changes its date.
--
-- @param strict BOOLEAN Exit with code 1 if anything was lost.
-- @column source Kind of log.
-- @column finding What was found. {line}
-- @column count How many there are.
-- @column detail Details. {prose}
-- @column is_loss True if something in the logs should have been counted but was not. {, optional}
-- @column passes False for a loss, with --strict. {, optional}
-- @exit 1 when not passes
-- @example
-- @example --source claude_code
with chosen_file as (
    select *
    from log_files
    where getvariable('source_filter') is null
        or list_contains(getvariable('source_filter'), source)
),

file as (
    select
        source,
        count(*) as found,
        count(*) filter (file_index is not null and not is_lost) as read_files,
        count(*) filter (is_lost) as lost_files,
        min(path) filter (is_lost) as lost_path
    from chosen_file
    where is_live
    group by source
),

kind as (
    select unnest([
        {'position': 10, 'line_kind': 'usage', 'finding': 'usage lines', 'detail': 'counted'},
        {
            'position': 11,
            'line_kind': 'no_usage',
            'finding': 'lines without usage',
            'detail': 'prompts, tool results and the like'
        },
        {
            'position': 12,
            'line_kind': 'progress_copy',
            'finding': 'progress copies',
            'detail': 'not counted: copies of subagent lines'
        },
        {
            'position': 13,
            'line_kind': 'synthetic',
            'finding': 'synthetic lines',
            'detail': 'not counted: written by Claude Code itself, not by a model'
        },
        {
            'position': 14,
            'line_kind': 'pseudo_model',
            'finding': 'pseudo-model lines',
            'detail': 'not counted: they repeat an answer and were not billed'
        },
        {
            'position': 15,
            'line_kind': 'session_start',
            'finding': 'session starts',
            'detail': 'no usage'
        },
        {
            'position': 16,
            'line_kind': 'model_change',
            'finding': 'model changes',
            'detail': 'no usage'
        },
        {
            'position': 17,
            'line_kind': 'refused',
            'finding': 'refused lines',
            'detail': 'rejected by a strict JSON parser, or not log lines'
        }
    ], recursive := true)
),

line as (
    select source, line_kind, sum(lines)::bigint as lines from line_counts group by all
),

repair as (
    select
        source,
        outcome,
        problem,
        count(*) as lines,
        min({'path': path, 'line_number': line_number}) as first_line
    from line_repairs
    inner join log_files using (file_id)
    group by all
),

response as (
    select
        source,
        count(*) as responses,
        count(*) filter (log_lines > 0) as logged_responses,
        sum(log_lines)::bigint as log_lines
    from responses
    group by source
),

odd as (
    select source, file, unnest([
        {
            'position': 50,
            'finding': 'negative counts',
            'is_odd': has_negative_count,
            'meaning': 'read as 0'
        },
        {
            'position': 51,
            'finding': 'responses in the future',
            'is_odd': responded_at > getvariable('now'),
            'meaning': 'counted on the day they state'
        },
        {
            'position': 52,
            'finding': 'responses before 2020',
            'is_odd': responded_at < timestamptz '2020-01-01 00:00:00+00',
            'meaning': 'counted on the day they state'
        },
        {
            'position': 53,
            'finding': 'responses of over 2,000,000 tokens',
            'is_odd': total_tokens > 2000000,
            'meaning': 'counted as logged'
        },
        {
            'position': 54,
            'finding': 'responses without a readable time',
            'is_odd': responded_at is null,
            'meaning': 'not in any day, and without a list price'
        }
    ], recursive := true)
    from usage
),

log as (
    select
        source,
        path,
        max(last_responded_at)::date + getvariable('cleanup_period_days')
            as deleted_on
    from line_groups
    inner join log_files using (source, file_id)
    inner join source_traits using (source)
    where deletes_old_logs
        and is_live
        and line_kind = 'usage'
        and last_responded_at is not null
    group by source, path
),

findings as (
    select
        1 as position,
        source,
        'files read' as finding,
        read_files as count,
        format('of {:,} found', found) as detail,
        false as is_loss
    from file
    union all
    select 2, source, 'files that cannot be read', lost_files, 'the first: ' || lost_path, true
    from file
    where lost_files > 0
    union all
    select
        4,
        source,
        'files only in the archive',
        count(*),
        'their usage is counted, but the lines below are only those of files that still exist',
        false
    from chosen_file
    where not is_live and is_wanted
    group by source
    union all
    select 3, null, 'paths skipped', count(*), 'the first: ' || min(skipped), true
    from (select unnest(getvariable('skipped_paths')) as skipped)
    having count(*) > 0
    union all
    select
        coalesce(position, 18),
        source,
        coalesce(finding, coalesce(line_kind, 'unnamed') || ' lines'),
        lines,
        coalesce(detail, 'a kind of line unknown to this report'),
        false
    from line
    left join kind using (line_kind)
    union all
    select
        if(outcome = 'damaged', 21, 20),
        source,
        outcome || ' lines',
        lines,
        format('{}: the first in {}:{}', problem, first_line.path, first_line.line_number),
        outcome = 'damaged'
    from repair
    union all
    select
        30,
        source,
        'responses',
        responses,
        format('{:.2f} usage lines each', log_lines / logged_responses),
        false
    from response
    union all
    select
        40,
        source,
        'unpriced responses',
        count(*),
        format(
            '{} of {}', coalesce(logged_model, 'an unnamed model'),
            coalesce(provider, 'an unnamed provider')
        ),
        false
    from usage
    where cost is null and responded_at is not null
    group by source, logged_model, provider
    union all
    select
        position,
        source,
        finding,
        count(*),
        format('{}: the first in {}', meaning, min(file)),
        false
    from odd
    where is_odd
    group by position, source, finding, meaning
    union all
    select
        60,
        source,
        'logs due for deletion within 7 days',
        count(*) filter (deleted_on <= getvariable('now')::date + 7),
        format(
            'cleanupPeriodDays is {}: the oldest is due on {}, {}',
            getvariable('cleanup_period_days'), min(deleted_on), arg_min(path, (deleted_on, path))
        ),
        false
    from log
    group by source
)

select
    source,
    finding,
    count,
    replace(detail, '\', '/') as detail,
    is_loss,
    not (is_loss and coalesce(getvariable('param_strict'), false)) as passes
from findings
order by source nulls last, position, count desc, detail
