-- Prices with the days they apply to. One row per price in force.
--
-- Blank cells are filled in: a price above the threshold is its base cell, a 1-hour cache write the
-- 5-minute one, a cache kind without a price the input price. A model's first price also covers
-- earlier days. From the user's first row of a model on, only the user's rows count; if the price
-- table has the model under another name, they are taken as prices of that model. A value in the
-- user's rows that cannot be a price is an error. Prices are USD per million tokens, and per 1000
-- web searches.
--
-- @table
-- @column provider Who sells at this price.
-- @column model Name of the model in the price table; * is every model of a local runtime.
-- @column effective_from First UTC day of the price; NULL if the start is unknown.
-- @column holds_from First UTC day it applies to; NULL if it covers all earlier days.
-- @column holds_until First UTC day of the next price; NULL if there is none.
-- @column input_price Uncached input. {USD/M}
-- @column output_price Output, reasoning included. {USD/M}
-- @column cache_read_price Cached input. {USD/M}
-- @column cache_write_5m_price Cache write, short-lived. {USD/M}
-- @column cache_write_1h_price Cache write, long-lived. {USD/M}
-- @column long_context_threshold Larger prompts are charged at the *_above prices. {tokens}
-- @column input_price_above Uncached input above the threshold. {USD/M}
-- @column output_price_above Output above the threshold. {USD/M}
-- @column cache_read_price_above Cached input above the threshold. {USD/M}
-- @column cache_write_5m_price_above Short-lived cache write above the threshold. {USD/M}
-- @column cache_write_1h_price_above Long-lived cache write above the threshold. {USD/M}
-- @column fast_multiplier Factor for fast or priority service; NULL if not on sale.
-- @column batch_multiplier Factor for batch service; NULL if not on sale.
-- @column us_multiplier Factor for inference kept in the US; NULL if it costs nothing extra.
-- @column web_search_price Web searches. {USD/1000}
-- @column source Source of the price.
-- @column confidence high, med or low.
-- @column notes Remarks.
-- @column is_own True for a price from the user's own table.
-- @column is_own_alone True if only the user's own table has the model.
-- @column price_file File that lists it.
with listed_name as (
    select distinct provider, plain_name_of(name) as plain_name, model
    from (
        select provider, model as name, model from price_list where not is_own
        union all
        select provider, model, price_model from model_aliases where model <> '*'
    )
),

renamed as (
    select
        price_list.* replace (
            if(is_own, replace(lower(price_list.provider), '_', '-'), price_list.provider)
                as provider,
            coalesce(listed_name.model, price_list.model) as model
        )
    from price_list
    left join listed_name
        on price_list.is_own
        and replace(lower(price_list.provider), '_', '-') = listed_name.provider
        and plain_name_of(price_list.model) = listed_name.plain_name
),

checked as (
    select
        *,
        case
            when not is_own then null
            when coalesce(provider, '') = '' or coalesce(model, '') = ''
                then error('a row without a provider or a model')
            when "input" is null or "output" is null
                then error(format('no input or output price for {}', model))
            when least(
                "input", "output", cache_read, cache_write_5m, cache_write_1h, input_above,
                output_above, cache_read_above, cache_write_5m_above, cache_write_1h_above,
                fast_multiplier, batch_multiplier, us_multiplier, web_search_per_1k
            ) < 0 then error(format('a negative price for {}', model))
            when count(*) over (partition by is_own, provider, model, effective_from) > 1
                then error(format('two prices for {} from the same day', model))
        end as is_wrong
    from renamed
),

beaten as (
    select
        *,
        min(case when is_own then coalesce(effective_from, date '-infinity') end)
            over (partition by provider, model) as own_from,
        bool_and(is_own) over (partition by provider, model) as is_own_alone
    from checked
    where is_wrong is null
)

select
    provider,
    model,
    effective_from,
    case when row_number() over earlier > 1 then effective_from end as holds_from,
    lead(effective_from) over earlier as holds_until,
    "input" as input_price,
    "output" as output_price,
    coalesce(cache_read, "input") as cache_read_price,
    coalesce(cache_write_5m, "input") as cache_write_5m_price,
    coalesce(cache_write_1h, cache_write_5m, "input") as cache_write_1h_price,
    long_context_threshold,
    coalesce(input_above, "input") as input_price_above,
    coalesce(output_above, "output") as output_price_above,
    coalesce(cache_read_above, cache_read, input_above, "input") as cache_read_price_above,
    coalesce(cache_write_5m_above, cache_write_5m, input_above, "input")
        as cache_write_5m_price_above,
    coalesce(
        cache_write_1h_above, cache_write_1h, cache_write_5m_above, cache_write_5m, input_above,
        "input"
    ) as cache_write_1h_price_above,
    fast_multiplier,
    batch_multiplier,
    us_multiplier,
    web_search_per_1k as web_search_price,
    "source",
    confidence,
    notes,
    is_own,
    is_own_alone,
    price_file
from beaten
where is_own or own_from is null or coalesce(effective_from, date '-infinity') < own_from
window earlier as (partition by provider, model order by effective_from nulls first)
