-- What a text would cost as a prompt, at the price in force today.
--
-- Tokens are counted by the model's own tokenizer where there is a public one (OpenAI's models);
-- for others they are taken as a quarter of the characters, rounded up. The answer is taken as a
-- share of that. FILE may be - for stdin. The text is only counted, and no log is read.
--
-- @argument file TEXT The file that holds the text, or - for stdin.
-- @param model TEXT! The model, a name in the price table.
-- @param output_ratio NUMBER=0.5 Tokens of the answer for each token of the text.
-- @replaces model
-- @column file The file.
-- @column model Model, as the price table names it.
-- @column characters Characters of the text. {characters}
-- @column counted_by Tokenizer that counted the tokens, or the rule that stands in for one.
-- @column input_tokens Tokens of the text. {tokens}
-- @column output_tokens Tokens of the answer, rounded up. {tokens}
-- @column input_cost Cost of the text. {USD}
-- @column output_cost Cost of the answer. {USD}
-- @column cost Sum of the two. {USD}
-- @column price_from First UTC day of the price; NULL when the start is not known. {text, optional}
-- @example LICENSE --model claude-sonnet-4-6
-- @example LICENSE --model gpt-5.4 --output-ratio 2
with measured as (
    select
        *,
        coalesce(tokens, (characters + 3) // 4) as input_tokens,
        ceil(
            coalesce(tokens, (characters + 3) // 4) * getvariable('param_output_ratio')
        )::bigint as output_tokens
    from measured_text
)

select
    getvariable('param_file') as file,
    rate.model,
    characters,
    coalesce(tokenizer, 'characters / 4') as counted_by,
    input_tokens,
    output_tokens,
    (input_tokens * input_rate)::decimal(38, 12) as input_cost,
    (output_tokens * output_rate)::decimal(38, 12) as output_cost,
    (input_tokens * input_rate + output_tokens * output_rate)::decimal(38, 12) as cost,
    effective_from as price_from
from measured
cross join price_rates((provider, model) in (select (provider, model) from asked_model)) as rate
where not is_fast
    and not is_batch
    and not is_us
    and input_tokens > prompt_above
    and input_tokens <= prompt_up_to
    and getvariable('now') >= holds_from_at
    and getvariable('now') < holds_until_at
order by rate.model
