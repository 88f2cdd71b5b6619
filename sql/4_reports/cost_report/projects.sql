-- Cost and tokens per project, most expensive first.
--
-- @column project End of its path, as long as needed to tell it from the others.
-- @column cost_usd List price: what the API would have charged. {USD}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column session_count Sessions. {sessions}
-- @column message_count Responses. {responses}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column bar Cost. {shape}
-- @total cost_usd, total_tokens, message_count
select
    project_name as project,
    cost as cost_usd,
    total_tokens,
    sessions as session_count,
    responses as message_count,
    unpriced_responses,
    drawn(cost, max(cost) over ()) as bar
from usage_by(project)
left join projects on key = project
where not is_part
order by cost desc nulls last, key
