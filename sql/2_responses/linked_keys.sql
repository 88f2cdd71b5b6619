-- Responses that consist of several groups of lines. One row per key of such a group.
--
-- Most groups are responses of their own, and not here. Groups with the same own_key are one
-- response: it is the message id and request id, in whatever session, as resumed, forked and
-- handed-over sessions copy lines into other files. That is not enough for:
-- 1. groups without a request id (gateways). Such a group belongs to a group that has one, if
--    session, message id and prompt are the same. Otherwise groups that share a line (a copied line
--    keeps its uuid) are one response; otherwise each stands for itself, by its own_key of session,
--    agent, message id and prompt.
-- 2. sidechain groups whose message id is also on the main chain: /btw replays its parent's
--    messages under new request ids. If several responses of the main chain have that id, the
--    prompt decides; without a request id, only the group's own session counts.
--
-- @table
with prompted as not materialized (
    select
        *,
        hash(coalesce(input_tokens, 0), coalesce(cache_read_tokens, 0), cache_write_tokens)
            as prompt
    from line_groups
),

lacking_request as materialized (
    select source, session_id, message_id, uuid, own_key, prompt, line_kind
    from prompted
    where request_id is null
),

requested as (
    select source, session_id, message_id, prompt, min(own_key) as requested_key
    from prompted
    where request_id is not null and message_id in (select message_id from lacking_request)
    group by all
),

sharing_lines as (
    select source, own_key, session_id, message_id, prompt, min(first_key) as shared_key
    from (
        select *, min(own_key) over (partition by source, coalesce(uuid, own_key)) as first_key
        from lacking_request
        where line_kind = 'usage'
    )
    group by all
),

requestless as (
    select
        source,
        own_key,
        coalesce(min(requested_key) over (partition by source, shared_key), shared_key)
            as linked_key
    from sharing_lines
    left join requested using (source, session_id, message_id, prompt)
),

-- a semi join, because it is cheaper than grouping all lines by message
shared_messages as (
    select distinct source, message_id
    from line_groups
    semi join (from line_groups where is_sidechain) as side using (source, message_id)
    where not is_sidechain
),

on_both_chains as (
    select
        source,
        message_id,
        own_key,
        coalesce(requestless.linked_key, own_key) as linked_key,
        is_sidechain,
        bool_or(not is_sidechain) over (partition by source, own_key) as stands_on_main,
        prompt,
        session_id,
        request_id is not null as has_request
    from prompted
    left join requestless using (source, own_key)
    semi join shared_messages using (source, message_id)
),

replayed as (
    select side.source, side.own_key, min(main.linked_key) as linked_key
    from on_both_chains as side
    inner join (
        select *, count(distinct linked_key) over (partition by source, message_id) as rivals
        from on_both_chains
        where not is_sidechain
    ) as main using (source, message_id)
    where side.is_sidechain
        and not side.stands_on_main
        and (main.rivals = 1 or main.prompt = side.prompt)
        and (side.has_request or side.session_id = main.session_id)
    group by all
),

linked as (
    -- the response that a group without a request id belongs to may be such a replay itself
    select
        source,
        own_key,
        coalesce(replayed.linked_key, onward.linked_key, requestless.linked_key) as linked_key
    from requestless
    full join replayed using (source, own_key)
    left join replayed as onward
        on requestless.source = onward.source and requestless.linked_key = onward.own_key
),

-- two keys with the same hash are only taken for repeated: each response then has one group
repeated as (
    select hash(source, own_key) as key_hash
    from line_groups
    where line_kind = 'usage'
    group by key_hash
    having count(*) > 1
),

shared as (
    select source, own_key
    from line_groups
    where line_kind = 'usage' and hash(source, own_key) in (from repeated)
    union
    select source, unnest([own_key, linked_key]) from linked
)

select source, own_key, coalesce(linked_key, own_key) as response_key
from shared
left join linked using (source, own_key)
