-- Model responses, each once over all files. One row per response.
--
-- Groups of lines that are one response (linked_keys) are merged. Every count is the greatest one
-- logged; text comes from the record that names a model, with the most output (one that names the
-- speed before one that does not), then the latest; time and place from the earliest (ties: main
-- chain, not a copy, smaller session id, file). Whole records are compared, so the order of files
-- and threads cannot change the outcome. Advisor calls inside a response are responses of their
-- own, of their own model.
--
-- @column response_key Identifies the response: its ids, or what replaces them.
-- @column log_lines Log lines folded into it. {lines}
with usage_group as not materialized (
    select
        line_groups.* replace (
            coalesce(line_groups.provider, chosen_models.provider) as provider,
            coalesce(line_groups.model, chosen_models.model) as model
        )
    from line_groups
    left join chosen_models using (source, own_key)
    where line_kind = 'usage'
),

shared as (
    from usage_group inner join linked_keys using (source, own_key)
),

advisor_call as (
    select
        * exclude (calls, call_number, call) replace (
            coalesce(response_key, own_key) || ':advisor:' || call_number as response_key,
            call.model as model,
            coalesce(count_of(call.input_tokens), 0) as input_tokens,
            coalesce(count_of(call.output_tokens), 0) as output_tokens,
            0 as reasoning_tokens,
            coalesce(count_of(call.cache_read_input_tokens), 0) as cache_read_tokens,
            greatest(
                count_of(call.cache_creation_input_tokens),
                coalesce(count_of(call.cache_creation.ephemeral_5m_input_tokens), 0)
                + coalesce(count_of(call.cache_creation.ephemeral_1h_input_tokens), 0)
            ) as cache_write_tokens,
            count_of(call.cache_creation.ephemeral_1h_input_tokens) as cache_write_1h_tokens,
            0 as web_searches,
            null as logged_cost,
            0 as log_lines
        )
    from (
        select *, unnest(calls) as call, generate_subscripts(calls, 1) as call_number
        from (
            select *, unnest(advisors) as calls
            from usage_group left join linked_keys using (source, own_key)
            where has_advisors
        )
    )
),

combined as (
    select
        source,
        response_key,
        max(input_tokens) as input_tokens,
        max(output_tokens) as output_tokens,
        max(reasoning_tokens) as reasoning_tokens,
        max(cache_read_tokens) as cache_read_tokens,
        max(cache_write_tokens) as cache_write_tokens,
        max(cache_write_1h_tokens) as cache_write_1h_tokens,
        max(web_searches) as web_searches,
        max(logged_cost) as logged_cost,
        max({
            'names_model': model is not null,
            'output_tokens': coalesce(output_tokens, 0),
            'names_speed': speed is not null,
            'responded_at': coalesce(last_responded_at, timestamptz '-infinity'),
            'provider': provider,
            'model': model,
            'speed': speed,
            'service_tier': service_tier,
            'inference_geo': inference_geo
        }) as text,
        min({
            'responded_at': responded_at,
            'is_sidechain': is_sidechain,
            'is_copy': is_copy,
            'session_id': session_id,
            'file_rank': file_rank,
            'cwd': cwd,
            'git_branch': git_branch,
            'agent_id': agent_id,
            'file_id': file_id,
            'line_number': line_number
        }) as earliest,
        bool_or(has_negative_count) as has_negative_count,
        sum(log_lines)::bigint as log_lines
    from (from shared union all by name from advisor_call)
    left join log_files using (source, file_id)
    group by source, response_key
),

response as (
    select
        * exclude (text, earliest),
        earliest.responded_at as responded_at,
        earliest.session_id as session_id,
        earliest.agent_id as agent_id,
        earliest.is_sidechain as is_sidechain,
        earliest.file_id as file_id,
        earliest.line_number as line_number,
        earliest.cwd as cwd,
        earliest.git_branch as git_branch,
        text.provider as provider,
        text.model as model,
        text.speed as speed,
        text.service_tier as service_tier,
        text.inference_geo as inference_geo
    from combined
    union all by name
    select
        source,
        own_key as response_key,
        input_tokens,
        output_tokens,
        reasoning_tokens,
        cache_read_tokens,
        cache_write_tokens,
        cache_write_1h_tokens,
        web_searches,
        logged_cost,
        has_negative_count,
        log_lines,
        responded_at,
        session_id,
        agent_id,
        is_sidechain,
        file_id,
        line_number,
        cwd,
        git_branch,
        provider,
        model,
        speed,
        service_tier,
        inference_geo
    from usage_group
    anti join linked_keys using (source, own_key)
)

select
    source,
    response_key,
    responded_at,
    session_id,
    agent_id,
    is_sidechain,
    file_id,
    line_number,
    cwd,
    git_branch,
    provider as logged_provider,
    model as logged_model,
    speed,
    service_tier,
    inference_geo,
    coalesce(input_tokens, 0) as input_tokens,
    coalesce(output_tokens, 0) as output_tokens,
    coalesce(reasoning_tokens, 0) as reasoning_tokens,
    coalesce(cache_read_tokens, 0) as cache_read_tokens,
    cache_write_tokens - least(cache_write_tokens, coalesce(cache_write_1h_tokens, 0))
        as cache_write_5m_tokens,
    least(cache_write_tokens, coalesce(cache_write_1h_tokens, 0)) as cache_write_1h_tokens,
    coalesce(web_searches, 0) as web_searches,
    logged_cost,
    coalesce(has_negative_count, false) as has_negative_count,
    log_lines
from response
