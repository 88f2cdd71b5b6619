-- The key of the response that a group of log lines is when seen alone. One value.
--
-- It is computed again for archived groups, so that old ones match those of logs read today.
--
-- @function session_id, agent_id, message_id, request_id, uuid, responded_at, model, input_tokens,
--   cache_read_tokens, cache_write_tokens, output_tokens
select case
    when message_id is null then coalesce(uuid, concat_ws(
        ':', session_id, epoch_us(responded_at), model, input_tokens, cache_read_tokens,
        cache_write_tokens, output_tokens
    ))
    when request_id is null then concat_ws(
        ':', session_id, coalesce(agent_id, ''), message_id, input_tokens, cache_read_tokens,
        cache_write_tokens
    )
    else concat_ws(':', message_id, request_id)
end
