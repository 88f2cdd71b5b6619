-- Whether the archive and the logs agree: the logs are read again, whatever the archive holds.
--
-- Compared are the files that have not changed since they were archived.
--
-- @rereads
-- @column invariant What must be true.
-- @column archive_value Its value in the archive.
-- @column log_value Its value in the logs.
-- @column holds True if the two are equal.
-- @exit 1 when not holds
-- @example
with compared as (
    select file_id, run from log_files where is_archived and not is_lost
),

archived as (
    select archived_groups.*
    from archived_groups
    semi join compared using (file_id, run)
),

logged as (
    select line_groups.*
    from line_groups
    semi join compared using (file_id)
    where line_kind in ('usage', 'session_start', 'model_change')
),

figure as (
    select
        'archive' as place,
        count(*) as groups,
        sum(log_lines) as log_lines,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        bit_xor(hash(source, file_id, own_key, output_tokens, responded_at, session_id)) as content
    from archived
    union all
    select
        'logs',
        count(*),
        sum(log_lines),
        sum(input_tokens),
        sum(output_tokens),
        sum(cache_read_tokens),
        sum(cache_write_tokens),
        bit_xor(hash(source, file_id, own_key, output_tokens, responded_at, session_id))
    from logged
),

listed as (
    select place, unnest([
        {'position': 1, 'invariant': 'groups of lines', 'value': groups::varchar},
        {'position': 2, 'invariant': 'usage lines', 'value': log_lines::varchar},
        {'position': 3, 'invariant': 'input tokens', 'value': input_tokens::varchar},
        {'position': 4, 'invariant': 'output tokens', 'value': output_tokens::varchar},
        {'position': 5, 'invariant': 'cache read tokens', 'value': cache_read_tokens::varchar},
        {'position': 6, 'invariant': 'cache write tokens', 'value': cache_write_tokens::varchar},
        {'position': 7, 'invariant': 'every group, by its hash', 'value': content::varchar}
    ], recursive := true)
    from figure
)

select
    archive.invariant,
    coalesce(archive.value, '0') as archive_value,
    coalesce(logs.value, '0') as log_value,
    archive_value = log_value as holds
from listed as archive
inner join listed as logs using (position)
where archive.place = 'archive' and logs.place = 'logs'
order by position
