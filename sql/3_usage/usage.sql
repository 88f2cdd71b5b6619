-- What was used and what it cost, as far as the filters of the command line let it through. One row
-- per response.
--
-- Token kinds are disjoint and add up to total_tokens. (OpenTelemetry's gen_ai.usage.input_tokens
-- includes the cached ones; input_tokens here does not.)
-- cost is the list price: what the API would have charged, not a bill. NULL means that nobody knows.
--
-- @column response_key What makes the response one: its ids, or what stands in for them.
-- @column source Kind of log.
-- @column machine Machine that the log is from.
-- @column provider Provider named by the log, else the vendor of the model.
-- @column model Model, as the price table names it, else as logged.
-- @column logged_provider Provider as logged.
-- @column logged_model Model as logged.
-- @column session_id The agent's own session id; subagents belong to their parent's.
-- @column agent Who ran: OpenClaw's agent; Claude Code main, or the subagent's type.
-- @column agent_id Raw id of the agent, when the log has one.
-- @column is_subagent True for work of a subagent.
-- @column project Path of the session's project.
-- @column cwd Working directory of the response.
-- @column git_branch Branch that was checked out.
-- @column responded_at Time of the response's earliest log line.
-- @column input_tokens Uncached input. {tokens}
-- @column output_tokens Output, reasoning included. {tokens}
-- @column reasoning_tokens Part of the output. {tokens}
-- @column cache_read_tokens Input read from the cache. {tokens}
-- @column cache_write_5m_tokens Input written to the short-lived cache. {tokens}
-- @column cache_write_1h_tokens Input written to the long-lived cache. {tokens}
-- @column total_tokens Sum of the five disjoint kinds. {tokens}
-- @column web_searches Searches that the provider ran and charges. {searches}
-- @column speed fast or standard, as served.
-- @column service_tier standard, batch, priority …
-- @column inference_geo Where inference was kept.
-- @column input_cost Cost of the uncached input at list price. {USD}
-- @column output_cost Cost of the output at list price. {USD}
-- @column cache_read_cost Cost of the cache reads at list price. {USD}
-- @column cache_write_5m_cost Cost of the short-lived cache writes at list price. {USD}
-- @column cache_write_1h_cost Cost of the long-lived cache writes at list price. {USD}
-- @column cache_write_cost Sum of the two. {USD}
-- @column web_search_cost Cost of the web searches at list price. {USD}
-- @column cost Sum of the five costs, else the logged cost; NULL when there is neither. {USD}
-- @column logged_cost Cost that the agent wrote into its log. {USD}
-- @column cost_basis list, logged, free (local runtime), or NULL.
-- @column priced_as Provider and model of the price that was used; * is every model of a local runtime.
-- @column price_from effective_from of the price that was used.
-- @column price_tier base or long_context.
-- @column price_multiplier Product of the fast, batch and US factors.
-- @column is_fast True if it is charged as fast or priority service.
-- @column is_batch True if it is charged as batch service.
-- @column is_us True if it is charged as inference kept in the US.
-- @column has_uncharged_extra True if a fast, batch or web search price is missing from the table.
-- @column has_negative_count True if the log had a negative count, read as 0.
-- @column file File of the earliest log line.
-- @column log_lines Log lines that were folded into the response. {lines}
select *
from priced_responses
where coalesce(responded_at >= getvariable('since_at'), getvariable('since_at') is null)
    and coalesce(responded_at < getvariable('until_at'), getvariable('until_at') is null)
    and (getvariable('source_filter') is null or list_contains(getvariable('source_filter'), source))
    and (
        getvariable('provider_filter') is null
        or list_contains(getvariable('provider_filter'), lower(provider))
    )
    and (
        getvariable('model_filter') is null
        or list_any_value(list_filter(
            getvariable('model_filter'),
            wanted -> contains(lower(model), wanted) or contains(lower(logged_model), wanted)
        )) is not null
    )
    and (
        getvariable('project_filter') is null
        or list_any_value(list_filter(
            getvariable('project_filter'),
            wanted -> lower(project) = wanted
                or ends_with(replace(lower(project), '\', '/'), '/' || wanted)
        )) is not null
    )
    and (getvariable('agent_filter') is null or list_contains(getvariable('agent_filter'), lower(agent)))
    and (
        getvariable('session_filter') is null
        or list_any_value(list_filter(
            getvariable('session_filter'), wanted -> starts_with(lower(session_id), wanted)
        )) is not null
    )
    and (
        getvariable('branch_filter') is null
        or list_contains(getvariable('branch_filter'), lower(git_branch))
    )
