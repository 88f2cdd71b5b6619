-- Every response with its cost. One row per response.
--
-- A response is priced with the row in force at its time, by UTC day, so that totals do not depend
-- on the time zone. Its whole prompt decides the tier: input, cache reads and cache writes. Fast
-- means Anthropic's speed and OpenAI's priority tier; the factors do not apply to web searches. A
-- model without a price costs what its log says, if that is above zero, else NULL: never 0, and
-- never the price of a similar model.
with served as (
    select
        responses.*,
        session_projects.project,
        log_files.path,
        log_files.machine,
        log_files.subagent_type,
        source_traits.main_agent,
        source_traits.marks_subagents
            and (is_sidechain or agent_id is not null or coalesce(is_subagent_file, false))
            as is_subagent,
        priced_models.provider,
        priced_models.price_provider,
        priced_models.price_model,
        coalesce(priced_models.is_local, false) as is_local,
        input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as prompt,
        coalesce(speed = 'fast', false)
            or coalesce(price_provider = 'openai' and service_tier = 'priority', false)
            as is_fast,
        coalesce(service_tier in ('batch', 'flex'), false) as is_batch,
        coalesce(inference_geo = 'us', false) as is_us
    from responses
    left join source_traits using (source)
    left join log_files using (source, file_id)
    left join session_projects using (source, session_id)
    left join priced_models
        on responses.logged_provider is not distinct from priced_models.logged_provider
        and responses.logged_model is not distinct from priced_models.logged_model
),

rate as (from rates),

rated_response as (from rated('served', 'rate')),

itemized as (from charged('rated_response'))

select
    response_key,
    source,
    machine,
    provider,
    coalesce(case when not is_local then price_model end, logged_model) as model,
    logged_provider,
    logged_model,
    session_id,
    case
        when is_subagent then coalesce(subagent_type, 'subagent')
        else coalesce(main_agent, agent_id)
    end as agent,
    agent_id,
    is_subagent,
    project,
    coalesce(cwd, project) as cwd,
    git_branch,
    responded_at,
    input_tokens,
    output_tokens,
    reasoning_tokens,
    cache_read_tokens,
    cache_write_5m_tokens,
    cache_write_1h_tokens,
    input_tokens + output_tokens + cache_read_tokens + cache_write_5m_tokens
    + cache_write_1h_tokens as total_tokens,
    web_searches,
    speed,
    service_tier,
    inference_geo,
    input_charge as input_cost,
    output_charge as output_cost,
    cache_read_charge as cache_read_cost,
    cache_write_5m_charge as cache_write_5m_cost,
    cache_write_1h_charge as cache_write_1h_cost,
    cache_write_5m_charge + cache_write_1h_charge as cache_write_cost,
    web_search_charge as web_search_cost,
    coalesce(
        charge,
        case when is_local then 0 when logged_cost > 0 then logged_cost::decimal(38, 12) end
    ) as cost,
    case when logged_cost >= 0 then logged_cost::decimal(38, 12) end as logged_cost,
    case
        when is_local then 'free'
        when has_price then 'list'
        when logged_cost > 0 then 'logged'
    end as cost_basis,
    case when has_price then {'provider': price_provider, 'model': price_model} end as priced_as,
    effective_from as price_from,
    case when has_price then if(is_long, 'long_context', 'base') end as price_tier,
    multiplier as price_multiplier,
    is_fast,
    is_batch,
    is_us,
    coalesce(
        lacks_price or (web_searches > 0 and web_search_rate is null), false
    ) as has_uncharged_extra,
    has_negative_count,
    path as file,
    line_number as line,
    log_lines::bigint as log_lines
from itemized
