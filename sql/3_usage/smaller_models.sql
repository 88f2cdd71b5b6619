-- The smaller models of the same vendor that are sold now. One row per model of the price table
-- that has one.
--
-- Vendors' names distinguish four sizes. For each size, the newest model counts, by the first day
-- of its first price.
--
-- @column provider Who sells both.
-- @column model Name of the larger model in the price table.
-- @column model_size 4 for the largest, 1 for the smallest.
-- @column smaller_model Name of the model of the next smaller size.
-- @column smallest_model Name of the model of the smallest size.
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
    arg_max(smaller.model, age) filter (smaller.model_size = larger.model_size - 1)
        as smaller_model,
    arg_max(smaller.model, (-smaller.model_size, age)) as smallest_model
from sized as larger
inner join (
    select *, (coalesce(released_on, date '-infinity'), model) as age from sized
) as smaller
    on larger.provider = smaller.provider and larger.model_size > smaller.model_size
group by larger.provider, larger.model, larger.model_size
