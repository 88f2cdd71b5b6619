-- Groups of log lines that the archive holds, of the last run that read their file. One row per
-- group.
--
-- What is read from the logs is added to it, in place of what a file that was read again still
-- holds: then it is line_groups. What was archived in another way gets its key anew, to meet it.
--
-- @table
select
    archived_groups.* exclude (run) replace (
        if(
            reading = getvariable('reading'),
            own_key,
            own_key_of(
                session_id, agent_id, message_id, request_id, uuid, responded_at, model,
                input_tokens, cache_read_tokens, cache_write_tokens, output_tokens
            )
        ) as own_key
    ),
    true as is_archived
from archived_groups
inner join (select file_id, run, reading from archived_files) using (file_id, run)
