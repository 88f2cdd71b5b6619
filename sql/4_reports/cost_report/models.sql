-- Cost and tokens per model, most expensive first.
--
-- @column model Model.
-- @column cost_usd List price: what the API would have charged. {USD}
-- @column total_tokens Sum of all kinds. {tokens}
-- @column message_count Responses. {responses}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @column bar Cost. {shape}
-- @total cost_usd, total_tokens, message_count
select
    key as model,
    cost as cost_usd,
    total_tokens,
    responses as message_count,
    unpriced_responses,
    drawn(cost, max(cost) over ()) as bar
from usage_by(model)
where not is_part
order by cost desc nulls last, model
