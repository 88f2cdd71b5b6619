-- Groups of log lines that the archive adds to those read from the logs. One row per group.
--
-- Of a file that was read again, those that it no longer holds, or not with such counts: what was once
-- counted stays. Where it was read in another way, what is read now decides. Once they are added, none
-- are left here: they stand in line_groups, where is_archived is true.
with archived as (
    select
        archived_groups.* exclude (path, machine, run) replace (
            own_key_of(
                session_id, agent_id, message_id, request_id, uuid, responded_at, model,
                input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
            ) as own_key
        ),
        file_id,
        reading = getvariable('reading') as is_comparable
    from archived_groups
    inner join log_files using (source, path, machine, run)
    where is_wanted
),

measured as (
    select
        *,
        if(is_comparable, coalesce(input_tokens, 0), 0) as least_input,
        if(is_comparable, coalesce(output_tokens, 0), 0) as least_output,
        if(is_comparable, coalesce(cache_read_tokens, 0), 0) as least_read,
        if(is_comparable, coalesce(cache_write_tokens, 0), 0) as least_write
    from archived
),

logged as (
    select
        source,
        file_id,
        own_key,
        coalesce(input_tokens, 0) as input_tokens,
        coalesce(output_tokens, 0) as output_tokens,
        coalesce(cache_read_tokens, 0) as cache_read_tokens,
        coalesce(cache_write_tokens, 0) as cache_write_tokens
    from line_groups
)

select
    measured.* exclude (is_comparable, least_input, least_output, least_read, least_write),
    true as is_archived
from measured
anti join logged
    on measured.source = logged.source
    and measured.file_id = logged.file_id
    and measured.own_key = logged.own_key
    and measured.least_input <= logged.input_tokens
    and measured.least_output <= logged.output_tokens
    and measured.least_read <= logged.cache_read_tokens
    and measured.least_write <= logged.cache_write_tokens
