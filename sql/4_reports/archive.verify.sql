-- Whether the archive is as it was written, and agrees with the logs, which are read again.
--
-- Every byte of every part is read, and compared with the checksum that its manifest has. The other
-- invariants compare sums.
--
-- Only files that have not changed since they were archived are compared. What the archive keeps of
-- the earlier content of a file that was rewritten and archived again counts on both sides: no log
-- has it.
--
-- @rereads
-- @mends
-- @column invariant What must be true.
-- @column archive_value Its value in the archive.
-- @column log_value Its value in the logs, or in the manifest.
-- @column holds True if the two are equal.
-- @exit 1 when not holds
-- @empty Nothing to compare: there is no archive, or every archived log has changed. 'clawtrace archive' writes one.
-- @example
with compared as (
    select file_id, run from log_files where is_archived and not is_lost
),

-- the order of a list depends on which thread finishes first
groups as (
    select 'archive' as place, * exclude (run) replace (list_sort(advisors) as advisors)
    from archived_groups
    semi join compared using (file_id, run)
    union all by name
    select 'logs' as place, * exclude (is_archived) replace (list_sort(advisors) as advisors)
    from line_groups
    semi join compared using (file_id)
    where line_kind in ('usage', 'session_start', 'model_change')
),

figure as (
    select
        place,
        count(*) as groups,
        sum(log_lines) filter (where line_kind = 'usage') as usage_lines,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        bit_xor(hash(*columns(* exclude (place)))) as content
    from groups
    group by place
),

listed as (
    select place, unnest([
        {'position': 1, 'invariant': 'groups of lines', 'value': groups::varchar},
        {'position': 2, 'invariant': 'usage lines', 'value': usage_lines::varchar},
        {'position': 3, 'invariant': 'input tokens', 'value': input_tokens::varchar},
        {'position': 4, 'invariant': 'output tokens', 'value': output_tokens::varchar},
        {'position': 5, 'invariant': 'cache read tokens', 'value': cache_read_tokens::varchar},
        {'position': 6, 'invariant': 'cache write tokens', 'value': cache_write_tokens::varchar},
        {'position': 7, 'invariant': 'every group, by its hash', 'value': content::varchar}
    ], recursive := true)
    from figure
),

checked as (
    select
        0 as position,
        'parts as they were written' as invariant,
        count(*) filter (problem is null)::varchar as archive_value,
        count(*)::varchar as log_value
    from part_checks
    having count(*) > 0
    union all
    select 1, format('{}: {}', part, problem), '0', '1'
    from part_checks
    where problem is not null
    union all
    select
        position + 1,
        invariant,
        coalesce(any_value(value) filter (where place = 'archive'), '0'),
        coalesce(any_value(value) filter (where place = 'logs'), '0')
    from listed
    group by position, invariant
)

select invariant, archive_value, log_value, archive_value = log_value as holds
from checked
order by position, invariant
