-- What a text would cost as a prompt, at the price in force today.
--
-- The model's own tokenizer counts the tokens if it is public (OpenAI's models); for others, a
-- quarter of the characters is taken, rounded up. The length of the answer is assumed to be a share
-- of that. FILE may be - for stdin. The text is only counted, and no log is read.
--
-- @argument file TEXT The file that holds the text, or - for stdin.
-- @param model TEXT! The model, by its name in the price table.
-- @param output_ratio NUMBER=0.5 Tokens of the answer per token of the text.
-- @replaces model
-- @column file The file.
-- @column model Model, as the price table names it.
-- @column characters Characters of the text. {characters}
-- @column counted_by Tokenizer that counted the tokens, or the rule used instead.
-- @column input_tokens Tokens of the text. {tokens}
-- @column output_tokens Tokens of the answer, rounded up. {tokens}
-- @column input_cost Cost of the text. {USD}
-- @column output_cost Cost of the answer. {USD}
-- @column cost Sum of the two. {USD}
-- @column price_from First UTC day of the price; NULL if the start is unknown. {text, optional}
-- @example LICENSE --model claude-sonnet-4-6
-- @example LICENSE --model gpt-5.4 --output-ratio 2
with measured as (
    select
        coalesce(tokenizer, 'characters / 4') as counted_by,
        characters,
        coalesce(tokens, (characters + 3) // 4) as input_tokens,
        ceil(input_tokens * getvariable('param_output_ratio'))::bigint as output_tokens
    from measured_text
),

response as (
    select
        measured.*,
        0 as cache_read_tokens,
        0 as cache_write_5m_tokens,
        0 as cache_write_1h_tokens,
        0 as web_searches,
        input_tokens as prompt,
        asked_model.provider as price_provider,
        asked_model.model as price_model,
        false as is_fast,
        false as is_batch,
        false as is_us,
        getvariable('now') as responded_at
    from measured
    cross join asked_model
),

rate as (
    from price_rates((provider, model) in (select (provider, model) from asked_model))
),

rated_response as (from rated('response', 'rate'))

select
    getvariable('param_file') as file,
    price_model as model,
    characters,
    counted_by,
    input_tokens,
    output_tokens,
    input_charge as input_cost,
    output_charge as output_cost,
    charge as cost,
    effective_from as price_from
from charged('rated_response')
order by model
