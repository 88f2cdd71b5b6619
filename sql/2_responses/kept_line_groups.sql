-- Groups of log lines that the archive keeps although their files, read in this run, no longer have
-- them or have lower counts: what was once counted stays. One row per group.
--
-- If the file was archived with other reading rules, what is read now decides. Groups of logs that
-- are gone and were archived with other reading rules are here too: their derived columns are
-- computed again, so that they match today's groups.
--
-- @table
with held as (
    select
        archived_groups.* exclude (run) replace (
            own_key_of(
                session_id, agent_id, message_id, request_id, uuid, responded_at, model,
                input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
            ) as own_key,
            advisors is not null as has_advisors
        ),
        true as is_archived,
        reading is not distinct from getvariable('readings')[log_files.source] as is_read_alike
    from archived_groups
    inner join log_files using (file_id, run)
    where is_wanted and (is_read or reading is distinct from getvariable('readings')[log_files.source])
)

select * exclude (is_read_alike)
from held
where not exists (
    from logged_line_groups as logged
    where logged.file_id = held.file_id
        and logged.own_key = held.own_key
        and (
            not held.is_read_alike
            or (
                coalesce(held.input_tokens, 0) <= coalesce(logged.input_tokens, 0)
                and coalesce(held.output_tokens, 0) <= coalesce(logged.output_tokens, 0)
                and coalesce(held.cache_read_tokens, 0) <= coalesce(logged.cache_read_tokens, 0)
                and coalesce(held.cache_write_tokens, 0) <= coalesce(logged.cache_write_tokens, 0)
            )
        )
)
