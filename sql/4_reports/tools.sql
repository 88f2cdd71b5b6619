-- Tool calls, their errors, and the cost of the responses that made them, most expensive first.
--
-- A response's cost is split evenly over its tool calls, so that all rows together are the whole
-- cost, to the last digit; responses without a tool call are in the row without a name. full_cost
-- is the whole cost of every response that called the tool: it shows what the tool was part of, and
-- adds up to more than the total. MCP tools are shown by server; --by tool shows each by name.
--
-- @param by TEXT(server|tool|category)=server What each row stands for.
-- @column tool Tool, MCP server or category; NULL for responses that called none.
-- @column category system, orchestration, memory, browser, web, brave, image, mcp or other; none for responses
--   without a call.
-- @column calls Calls. {calls}
-- @column errors Calls whose result was an error. {calls}
-- @column error_percent Share of errors among the calls whose result was logged. {%}
-- @column responses Responses that called it. {responses, optional}
-- @column cost Cost of those responses, split evenly over their calls. {USD}
-- @column full_cost Whole cost of those responses. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @total calls, errors, cost
-- @top 40
-- @example
-- @example --by tool --last 7d
with called as (
    select
        usage.source,
        usage.response_key,
        -- 12 decimals hold every cost: as whole units of the last one, it is divided with an exact remainder
        (cost * 1000000000000)::hugeint as cost_units,
        cost,
        case getvariable('param_by')
            when 'tool' then tool
            when 'category' then category
            else coalesce(
                regexp_extract(server, '^plugin_([^_]+)', 1).nullif(''),
                if(server = 'claude-in-chrome', 'chrome-browser', server),
                tool
            )
        end as tool,
        coalesce(category, 'none') as category,
        is_error,
        tool is not null as is_call,
        if(
            is_call,
            cost_units // response_calls + if(call_number <= cost_units % response_calls, 1, 0),
            cost_units
        ) as units
    from usage
    left join tool_calls
        on usage.source = tool_calls.source and usage.response_key = tool_calls.response_key
),

per_response as (
    select
        tool,
        category,
        source,
        response_key,
        count(*) filter (is_call) as calls,
        count(*) filter (is_error) as errors,
        count(is_error) as results,
        sum(units) as units,
        min(cost) as cost
    from called
    group by all
)

select
    tool,
    category,
    sum(calls)::bigint as calls,
    sum(errors)::bigint as errors,
    (100 * sum(errors) / nullif(sum(results), 0))::decimal(5, 1) as error_percent,
    count(*) as responses,
    (sum(units)::decimal(38, 0) * 0.000000000001::decimal(12, 12))::decimal(38, 12) as cost,
    sum(cost) as full_cost,
    count(*) filter (cost is null) as unpriced_responses
from per_response
group by tool, category
order by cost desc nulls last, calls desc, tool nulls last, category
