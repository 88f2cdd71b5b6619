-- What the same work would have cost on another model, per model that did it.
--
-- Takes each response as it was, and prices it again at the other model's price on that day.
--
-- @param model TEXT! The other model, by its name in the price table.
-- @param from TEXT Only work of models whose name contains this text.
-- @replaces model
-- @column model Model that did the work.
-- @column other_model The other model. {text, optional}
-- @column responses Model responses. {responses}
-- @column total_tokens Sum of all kinds. {tokens, optional}
-- @column cost List price: what the API would have charged. {USD}
-- @column other_cost What it would have charged for the other model. {USD}
-- @column difference Other cost minus cost. {USD}
-- @column difference_percent Difference in percent of the cost. {%}
-- @column unpriced_responses Responses in neither cost: price unknown. {responses, optional}
-- @note Assumes that the other model would have needed the same tokens and turns.
-- @note Tokenizers differ: another vendor's model, or Claude 4.7 and newer compared with older ones,
--   counts the same text differently.
-- @total responses, total_tokens, cost, other_cost, difference
-- @example --model claude-sonnet-4-6
-- @example --model claude-haiku-4-5 --from opus --last 30d
with matching as (
    select
        usage_on.*,
        asked_model.model as asked,
        if(cost is null, null, usage_on.other_cost) as comparable_cost
    from usage_on((select {'provider': provider, 'model': model} from asked_model)) as usage_on
    cross join asked_model
    where getvariable('param_from') is null
        or contains(lower(usage_on.model), lower(getvariable('param_from')))
        or contains(lower(usage_on.logged_model), lower(getvariable('param_from')))
)

select
    model,
    asked as other_model,
    count(*) as responses,
    sum(total_tokens)::bigint as total_tokens,
    sum(cost) as cost,
    sum(comparable_cost) as other_cost,
    sum(comparable_cost) - sum(cost) as difference,
    (100 * difference / nullif(sum(cost), 0))::decimal(18, 1) as difference_percent,
    count(*) filter (cost is null) as unpriced_responses
from matching
group by model, asked
order by cost desc nulls last, model
