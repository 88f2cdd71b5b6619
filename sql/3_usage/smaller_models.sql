-- The next smaller model of the same vendor that is sold now. One row per model of the price table
-- that has one.
--
-- Vendors' names tell four sizes. Of the next smaller size it is the newest model, by the first day of
-- its first price.
--
-- @column provider Who sells both.
-- @column model Name of the larger model in the price table.
-- @column model_size 4 for the largest, 1 for the smallest.
-- @column smaller_model Name of the smaller one.
with priced as (
    select provider, model, min(effective_from) as released_on
    from prices
    where coalesce(effective_from <= (getvariable('now') at time zone 'UTC')::date, true)
    group by provider, model
),

sized as (
    select
        *,
        case provider
            when 'anthropic' then case
                when regexp_matches(model, '^claude-(mythos|fable)-') then 4
                when regexp_matches(model, '^claude-(3-)?opus-') then 3
                when regexp_matches(model, '^claude-(3(-[57])?-)?sonnet-') then 2
                when regexp_matches(model, '^claude-(3(-5)?-)?haiku-') then 1
            end
            when 'openai' then case
                when regexp_matches(model, '^gpt-[0-9.]+-(pro|astra)$') then 4
                when regexp_matches(model, '^gpt-[0-9.]+(-codex|-sol)?$') then 3
                when regexp_matches(model, '^gpt-[0-9.]+-(mini|terra)$') then 2
                when regexp_matches(model, '^gpt-[0-9.]+-(nano|luna)$') then 1
            end
            when 'google' then case
                when regexp_matches(model, '^gemini-[0-9.]+-pro(-preview)?$') then 3
                when regexp_matches(model, '^gemini-[0-9.]+-flash(-preview)?$') then 2
                when regexp_matches(model, '^gemini-[0-9.]+-flash-lite(-preview)?$') then 1
            end
        end as model_size
    from priced
)

select
    larger.provider,
    larger.model,
    larger.model_size,
    arg_max(
        smaller.model, (coalesce(smaller.released_on, date '-infinity'), smaller.model)
    ) as smaller_model
from sized as larger
inner join sized as smaller
    on larger.provider = smaller.provider and larger.model_size - 1 = smaller.model_size
group by larger.provider, larger.model, larger.model_size
