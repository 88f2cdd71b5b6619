-- The five most expensive sessions.
--
-- @column session_id Session.
-- @column project End of its project's path.
-- @column cost_usd List price: what the API would have charged. {USD}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column message_count Responses. {responses}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column bar Cost. {shape}
-- @total
select
    key.session_id as session_id,
    project_name as project,
    cost as cost_usd,
    total_tokens,
    responses as message_count,
    unpriced_responses,
    drawn(cost, max(cost) over ()) as bar
from usage_by({'source': source, 'session_id': session_id, 'project': project})
left join projects on key.project = projects.project
where not is_part
order by cost desc nulls last, key
limit 5
