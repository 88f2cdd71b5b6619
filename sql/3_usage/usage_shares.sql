-- Each key's share of the usage over the --timeframe. One row per key.
--
-- @macro group_key
-- @column cost List price: what the API would have charged. {USD}
-- @column tokens Tokens of all kinds. {tokens}
-- @column inputTokens Uncached input. {tokens}
-- @column outputTokens Output, reasoning included. {tokens}
-- @column percentOfTotal Share of the total cost. {%}
-- @total cost, tokens, inputTokens, outputTokens
with used as (
    select key.key as key, usage_sum.* exclude (key)
    from usage_by({
        'key': group_key,
        'is_in': responded_at::date
            between getvariable('now')::date - getvariable('param_timeframe') + 1
            and getvariable('now')::date
    }) as usage_sum
    where not is_part and key.is_in
)

select
    key,
    cost,
    total_tokens as tokens,
    input_tokens as "inputTokens",
    output_tokens as "outputTokens",
    (100 * cost / nullif(sum(cost) over (), 0))::decimal(9, 2) as "percentOfTotal"
from used
