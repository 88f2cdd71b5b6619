-- What exceeds its limit right now: spending, bursts, long sessions, budgets, unknown prices.
--
-- Limits come from [alerts] in the config file, where false turns a rule off, or from options. A
-- value at its limit does not exceed it. If [alerts] sets no daily limit, the day's budget is
-- [budget] daily; the monthly budgets are all those in [budget], including those per project and
-- agent. Days are in --timezone; the last hour ends now; a session's duration is all of it.
-- clawtrace alerts ack KEY hides an alert for the rest of its day, unless it becomes critical;
-- alerts ack --all does so for every alert.
--
-- @param daily_budget_usd NUMBER Limit on today's cost.
-- @param session_spike_usd NUMBER Limit on a session's cost in the last hour.
-- @param hourly_burn_rate_usd NUMBER Limit on the cost in the last hour.
-- @param hourly_request_volume NUMBER Limit on responses in the last hour.
-- @param hourly_token_volume NUMBER Limit on tokens in the last hour.
-- @param session_duration_minutes NUMBER Limit on the duration of a running session.
-- @param monthly_budget_pct NUMBER Limit on this month's cost, in percent of a monthly budget.
-- @param unpriced_responses NUMBER Limit on today's responses without a known price.
-- @param dedup_minutes INTEGER=60 Minutes until an alert counts as new again.
-- @param all BOOLEAN Show acknowledged alerts, too.
-- @param exit_code BOOLEAN Exit with code 5 if any alert is not acknowledged.
-- @column severity warning; critical from 1.5 times a daily limit, 1.25 times a monthly one, 2 times any other.
-- @column message What is wrong. {prose}
-- @column key Identifies the alert: the rule, the day, and the session, project or agent, if any. {text}
-- @column alert_type Rule that is broken. {text, optional}
-- @column session_id Session, if the rule is about one. {text, optional}
-- @column value What was measured: dollars, responses, tokens, minutes or percent. {number, optional}
-- @column threshold Its limit. {number, optional}
-- @column ratio Value divided by limit. {number, optional}
-- @column acknowledged True if it was acknowledged. {flag, optional}
-- @column is_new True if no command was run for it within --dedup-minutes. {flag, optional}
-- @empty Nothing exceeds its limit.
-- @exit 5 when getvariable('param_exit_code') and not acknowledged
-- @example
-- @example --daily-budget-usd 5 --all
with response as materialized (
    select source, session_id, responded_at, total_tokens, cost
    from usage
    where responded_at is not null
),

today as (
    select * from response where responded_at::date = getvariable('now')::date
),

last_hour as (
    select *
    from response
    where responded_at > getvariable('now') - interval 1 hour and responded_at <= getvariable('now')
),

measure as (
    select
        'daily_budget' as alert_type,
        null as session_id,
        null as name,
        null as budget,
        sum(cost) as value
    from today
    union all
    select 'session_spike', session_id, null, null, sum(cost) from last_hour group by source, session_id
    union all
    select 'hourly_burn_rate', null, null, null, sum(cost) from last_hour
    union all
    select 'hourly_request_volume', null, null, null, count(*) from last_hour
    union all
    select 'hourly_token_volume', null, null, null, sum(total_tokens)::bigint from last_hour
    union all
    select
        'session_duration',
        session_id,
        null,
        null,
        ((epoch_ms(max(responded_at)) - epoch_ms(min(responded_at))) / 60000)::decimal(18, 6)
    from response
    where (source, session_id) in (select (source, session_id) from last_hour)
    group by source, session_id
    union all
    select
        'monthly_budget',
        null,
        if(scope = 'all', null, scope || ' ' || name),
        budget,
        (spent * 100 / budget)::decimal(38, 12)
    from budget_spending
    where period = 'month'
    union all
    select 'unpriced_usage', null, null, null, count(*) from today where cost is null
),

rule (alert_type, critical_at, option, setting) as (
    values
        (
            'daily_budget', 1.5,
            getvariable('param_daily_budget_usd'), getvariable('alerts_daily_budget_usd')
        ),
        (
            'session_spike', 2,
            getvariable('param_session_spike_usd'), getvariable('alerts_session_spike_usd')
        ),
        (
            'hourly_burn_rate', 2,
            getvariable('param_hourly_burn_rate_usd'), getvariable('alerts_hourly_burn_rate_usd')
        ),
        (
            'hourly_request_volume', 2,
            getvariable('param_hourly_request_volume'), getvariable('alerts_hourly_request_volume')
        ),
        (
            'hourly_token_volume', 2,
            getvariable('param_hourly_token_volume'), getvariable('alerts_hourly_token_volume')
        ),
        (
            'session_duration', 2,
            getvariable('param_session_duration_minutes'), getvariable('alerts_session_duration_minutes')
        ),
        (
            'monthly_budget', 1.25,
            getvariable('param_monthly_budget_pct'), getvariable('alerts_monthly_budget_pct')
        ),
        (
            'unpriced_usage', null,
            getvariable('param_unpriced_responses'), getvariable('alerts_unpriced_responses')
        )
),

alert as (
    select
        *,
        coalesce(option, setting) as threshold,
        if(coalesce(value >= threshold * critical_at, false), 'critical', 'warning') as severity,
        round((value / nullif(threshold, 0))::decimal(38, 9), 2) as ratio,
        coalesce(format(' ({:.1f}x)', ratio), '') as times,
        coalesce(session_id[:12], 'without id') as session,
        concat_ws(':', alert_type, getvariable('now')::date, session_id, name) as key
    from measure
    inner join rule using (alert_type)
    where value > threshold
),

-- what was done about a warning no longer counts once it is critical
answered as (
    select
        alert.key,
        count(*) filter (event = 'ack') > 0 as acknowledged,
        count(*) filter (
            event = 'exec'
            and happened_at > getvariable('now') - to_minutes(getvariable('param_dedup_minutes'))
        ) = 0 as is_new
    from alert
    inner join alert_events
        on alert.key = alert_events.key
        and (alert_events.severity = 'critical' or alert_events.severity = alert.severity)
    group by alert.key
)

select
    severity,
    -- a limit of 0 has no multiples
    case alert_type
        when 'daily_budget' then format(
            'Daily spend ${:,.2f} exceeds ${:,.2f} budget', value, threshold
        ) || times
        when 'session_spike' then format(
            'Session {}... cost ${:,.2f} in last hour (threshold ${:,.2f})',
            session, value, threshold
        )
        when 'hourly_burn_rate' then format(
            'Last hour spend ${:,.2f} exceeds ${:,.2f}/hr limit', value, threshold
        ) || times
        when 'hourly_request_volume' then format(
            'Last hour: {:,.0f} requests exceeds {:,.0f} limit', value, threshold
        )
        when 'hourly_token_volume' then format(
            'Last hour: {:,.0f} tokens exceeds {:,.0f} limit', value, threshold
        )
        when 'session_duration' then format(
            'Session {}... running {:,.0f}min exceeds {:,.0f}min limit',
            session, value, threshold
        )
        when 'monthly_budget' then format(
            'Monthly spend{} is {:.1f}% of the ${:,.2f} budget (limit {:.0f}%)',
            coalesce(' of ' || name, ''), value, budget, threshold
        )
        else format(
            'Today: {:,.0f} {} without a known price, not in any sum',
            value, if(value = 1, 'response', 'responses')
        )
    end as message,
    key,
    alert_type,
    session_id,
    value,
    threshold,
    ratio,
    coalesce(acknowledged, false) as acknowledged,
    coalesce(is_new, true) as is_new
from alert
left join answered using (key)
where getvariable('param_all') or not coalesce(acknowledged, false)
order by severity, ratio desc nulls last, key
