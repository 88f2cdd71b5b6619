-- The most expensive agents, models, projects, sessions and days.
--
-- @param count INTEGER=10 How many of each.
-- @column dimension agent, model, project, session or day.
-- @column rank Rank by cost.
-- @column name Agent, model, end of the project's path, session id, or day.
-- @column responses Model responses. {responses}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column percent_of_total Share of the dimension's total cost. {%}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column bar Cost. {shape}
-- @total
-- @example
-- @example --count 3 --last 7d
with used as (
    select key, responses, total_tokens, cost, unpriced_responses
    from usage_by({
        'agent': agent,
        'model': model,
        'project': project,
        'source': source,
        'session_id': session_id,
        'day': responded_at::date
    })
    where not is_part
),

facet as (
    select
        unnest([
            {'position': 1, 'dimension': 'agent', 'name': key.agent, 'of': null},
            {'position': 2, 'dimension': 'model', 'name': key.model, 'of': null},
            {'position': 3, 'dimension': 'project', 'name': key.project, 'of': null},
            {'position': 4, 'dimension': 'session', 'name': key.session_id, 'of': key.source},
            {'position': 5, 'dimension': 'day', 'name': key.day::varchar, 'of': null}
        ], recursive := true),
        used.* exclude (key)
    from used
),

summed as (
    select
        position,
        dimension,
        name,
        "of",
        sum(responses)::bigint as responses,
        sum(total_tokens)::bigint as total_tokens,
        sum(cost) as cost,
        sum(unpriced_responses)::bigint as unpriced_responses
    from facet
    group by all
),

ranked as (
    select
        *,
        row_number() over (partition by position order by cost desc nulls last, name, "of") as rank,
        100 * cost / nullif(sum(cost) over (partition by position), 0) as percent_of_total
    from summed
)

select
    dimension,
    rank,
    if(dimension = 'project', coalesce(project_name, name), name) as name,
    responses,
    total_tokens,
    cost,
    percent_of_total::decimal(9, 2) as percent_of_total,
    unpriced_responses,
    drawn(cost, max(cost) over (partition by position)) as bar
from ranked
left join projects on name = project
where rank <= getvariable('param_count')
order by position, rank
