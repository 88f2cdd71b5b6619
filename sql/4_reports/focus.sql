-- Usage as a FinOps FOCUS 1.3 dataset, to load into a FinOps tool beside cloud bills.
--
-- One row per UTC day, model, kind of token, price, project, agent and kind of log; a response
-- whose price is unknown, or known only from its log, is in one row with all its tokens. Names and
-- rules are those of https://focus.finops.org/focus-specification/v1-3/. ProviderName and
-- PublisherName are there for readers of 1.2. BilledCost is 0: only the sender of the invoice may
-- state it, and our figure is an estimate. That is in ListCost; as we know of no contract,
-- ContractedCost and EffectiveCost are the same. An unknown cost is NULL, although FOCUS asks for a
-- number: 0 would be wrong.
--
-- @column BilledCost Always 0: clawtrace sends no invoice. {USD, optional}
-- @column BillingAccountId The machine: logs do not name the account. {text, optional}
-- @column BillingAccountName The machine. {text, optional}
-- @column BillingCurrency USD. {text, optional}
-- @column BillingPeriodStart Start of the UTC month. {text, optional}
-- @column BillingPeriodEnd End of the UTC month, exclusive. {text, optional}
-- @column ChargeCategory Usage. {text, optional}
-- @column ChargeClass NULL: no corrections. {text, optional}
-- @column ChargeDescription The model and what was used of it. {text, optional}
-- @column ChargeFrequency Usage-Based. {text, optional}
-- @column ChargePeriodStart Start of the UTC day.
-- @column ChargePeriodEnd End of the UTC day, exclusive. {text, optional}
-- @column ConsumedQuantity Tokens or searches. {units}
-- @column ConsumedUnit Tokens or Searches. {text, optional}
-- @column ContractedCost The list cost. {USD, optional}
-- @column ContractedUnitPrice The list price. {USD exact, optional}
-- @column EffectiveCost The list cost. {USD, optional}
-- @column HostProviderName Who serves the model. {text, optional}
-- @column InvoiceIssuerName Who serves the model. {text, optional}
-- @column ListCost What the API would have charged. {USD}
-- @column ListUnitPrice Price of a pricing unit, with the fast, batch and US factors. {USD exact, optional}
-- @column PricingCategory Standard. {text, optional}
-- @column PricingQuantity Quantity in pricing units. {units, optional}
-- @column PricingUnit A million tokens, or a thousand searches. {text, optional}
-- @column ProviderName Who serves the model. {text, optional}
-- @column PublisherName Who serves the model. {text, optional}
-- @column ServiceCategory AI and Machine Learning. {text, optional}
-- @column ServiceName The API of the provider. {text, optional}
-- @column ServiceProviderName Who serves the model. {text, optional}
-- @column ServiceSubcategory Generative AI. {text, optional}
-- @column SkuId Provider, model and kind of token.
-- @column SkuMeter Kind of token, or web_search. {text, optional}
-- @column SkuPriceId SkuId, the tier of the price and the factor of the service. {text, optional}
-- @column SubAccountId Path of the project. {text, optional}
-- @column SubAccountName Project. {text, optional}
-- @column SubAccountType Project. {text, optional}
-- @column Tags Kind of log and agent, as JSON. {text, optional}
-- @column x_CostBasis list, logged, free (local runtime), or NULL. {text, optional}
-- @total BilledCost, ContractedCost, EffectiveCost, ListCost
-- @top 40
-- @example --last 7d
with charge as (
    select
        (responded_at at time zone 'UTC')::date as utc_day,
        source,
        agent,
        project,
        machine,
        coalesce(provider, 'unknown') as seller,
        model,
        cost_basis,
        price_from,
        price_tier,
        price_multiplier,
        unnest(if(
            coalesce(cost_basis in ('list', 'free'), false),
            kinds_of(
                input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
                cache_write_1h_tokens, web_searches, input_cost, output_cost, cache_read_cost,
                cache_write_5m_cost, cache_write_1h_cost, web_search_cost
            ),
            [{'position': 7, 'kind': 'response', 'quantity': total_tokens, 'cost': cost}]
        ), recursive := true)
    from usage
),

summed as (
    select
        charge.* exclude (position, quantity, cost),
        project_name,
        cost_basis is null or cost_basis = 'logged' as is_whole,
        if(kind = 'web_search', 0.001::decimal(9, 6), 0.000001::decimal(9, 6)) as per_unit,
        concat_ws('/', seller, model, kind) as sku,
        case when price_multiplier <> 1
            then 'x' || regexp_replace(price_multiplier::varchar, '[.]?0+$', '')
        end as service,
        sum(quantity)::bigint as quantity,
        sum(cost) as cost
    from charge
    left join projects using (project)
    where quantity > 0 or kind = 'response'
    group by all
),

priced as (
    select
        *,
        if(is_whole, null, (quantity * per_unit)::decimal(38, 6)) as pricing_quantity,
        -- within a price, cost is quantity times price: the quotient of the sums is the price
        if(is_whole, null, (cost / (quantity * per_unit))::decimal(38, 9)) as unit_price
    from summed
)

select
    0::decimal(38, 12) as BilledCost,
    machine as BillingAccountId,
    machine as BillingAccountName,
    'USD' as BillingCurrency,
    strftime(date_trunc('month', utc_day), '%Y-%m-%dT00:00:00Z') as BillingPeriodStart,
    strftime(date_trunc('month', utc_day) + interval 1 month, '%Y-%m-%dT00:00:00Z')
        as BillingPeriodEnd,
    'Usage' as ChargeCategory,
    null::varchar as ChargeClass,
    concat_ws(' ', model, replace(kind, '_', ' ')) as ChargeDescription,
    'Usage-Based' as ChargeFrequency,
    strftime(utc_day, '%Y-%m-%dT00:00:00Z') as ChargePeriodStart,
    strftime(utc_day + 1, '%Y-%m-%dT00:00:00Z') as ChargePeriodEnd,
    quantity as ConsumedQuantity,
    if(kind = 'web_search', 'Searches', 'Tokens') as ConsumedUnit,
    cost as ContractedCost,
    unit_price as ContractedUnitPrice,
    cost as EffectiveCost,
    seller as HostProviderName,
    seller as InvoiceIssuerName,
    cost as ListCost,
    unit_price as ListUnitPrice,
    'Standard' as PricingCategory,
    pricing_quantity as PricingQuantity,
    if(is_whole, null, if(kind = 'web_search', '1000 Searches', '1000000 Tokens')) as PricingUnit,
    seller as ProviderName,
    seller as PublisherName,
    'AI and Machine Learning' as ServiceCategory,
    seller || ' API' as ServiceName,
    seller as ServiceProviderName,
    'Generative AI' as ServiceSubcategory,
    sku as SkuId,
    kind as SkuMeter,
    if(is_whole, null, concat_ws('/', sku, price_tier, service)) as SkuPriceId,
    project as SubAccountId,
    project_name as SubAccountName,
    if(project is null, null, 'Project') as SubAccountType,
    to_json({'source': source, 'agent': agent})::varchar as Tags,
    cost_basis as x_CostBasis
from priced
order by
    utc_day, seller, model, kind, price_tier, price_multiplier, price_from, project, agent, source,
    cost_basis
