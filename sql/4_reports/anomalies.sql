-- Days that cost far more than the days before them.
--
-- rolling: a day is compared with the mean of the previous days that have usage, seven at most and
-- three at least. More than --threshold percent over it is a warning, more than three times that
-- critical; a day with cost after days without any is a warning of 100 %. The excess must reach
-- --min-usd.
-- seed: the same over UTC days and without --min-usd, as in the first clawtrace.
-- robust: every calendar day counts, with 0 if nothing was used; today, which is not over, is left
-- out. The expected cost is the median of the 28 days before (seven at least); a day is a warning
-- if its excess is also above 3.5 deviations, critical above 7. The deviation is 1.4826 times the
-- median distance from the median; if that is 0, 1.2533 times the mean distance.
-- Comparisons include days before --since; other filters narrow both sides. Responses without a
-- known price are left out. Costs are exact: a day at the threshold is not over it, halves round
-- up.
--
-- @param method TEXT(rolling|seed|robust)=rolling How to compare.
-- @param by TEXT(project|model|agent|source) Compare each of these with its own days.
-- @param window INTEGER Days to compare with; default: 7, with robust 28.
-- @param threshold NUMBER=25 Percent over the expected cost above which a day is a warning.
-- @param min_usd NUMBER=1 Smallest excess worth a row, in dollars; not with seed.
-- @param same_weekday BOOLEAN With robust: compare Mondays with Mondays, three at least.
-- @param exit_code BOOLEAN Exit with code 5 if there is a row.
-- @column date Day, in --timezone; with seed in UTC.
-- @column subject all, or the project, model, agent or source of --by.
-- @column expected_cost Cost to expect, judging by the days before. {USD}
-- @column actual_cost List price of the day. {USD}
-- @column severity warning or critical.
-- @column pct_over Percent over the expected cost. {%}
-- @column top_model Model with the largest part of the excess over the mean of the days before.
-- @column top_project Project with the largest part of it. {text, optional}
-- @column top_session Session with the largest part of it. {text, optional}
-- @empty No day stands out.
-- @exit 5 when getvariable('param_exit_code')
-- @example
-- @example --method robust --same-weekday
-- @example --by project --last 30d
with response as materialized (
    select
        coalesce(
            case getvariable('param_by')
                when 'project' then project_name
                when 'model' then model
                when 'agent' then agent
                when 'source' then source
                else 'all'
            end,
            'unknown'
        ) as subject,
        if(
            getvariable('param_method') = 'seed',
            (responded_at at time zone 'UTC')::date,
            responded_at::date
        ) as day,
        model,
        project_name,
        session_id,
        cost
    from usage_history
    left join projects using (project)
    where cost is not null and responded_at is not null
),

spent as (
    select subject, day, sum(cost) as cost from response group by subject, day
),

flagged as materialized (
    select *
    from expected_costs((select list(spent) from spent), getvariable('param_method'))
    where severity is not null
        and (getvariable('param_method') <> 'seed' or expected > 0 or getvariable('param_by') is null)
        and day >= coalesce(getvariable('since_at')::date, date '-infinity')
        and day < coalesce(getvariable('until_at')::date, date 'infinity')
),

weighed as (
    select subject, day, day as cost_day, len(compared_days) as weight from flagged
    union all
    select subject, day, unnest(compared_days), -1 from flagged
),

part as (
    select subject, day as cost_day, dimension, name, sum(cost) as cost
    from (
        select subject, day, cost, unnest([
            {'dimension': 'model', 'name': model},
            {'dimension': 'project', 'name': project_name},
            {'dimension': 'session', 'name': session_id}
        ], recursive := true)
        from response
    )
    group by all
),

-- the excess of each part over its mean, multiplied by the number of days
driver as (
    select subject, day, dimension, name, sum(cost * weight) as excess
    from weighed
    inner join part using (subject, cost_day)
    group by all
)

select
    day as date,
    subject,
    round(expected, 4) as expected_cost,
    round(flagged.cost, 4) as actual_cost,
    severity,
    round(pct_over, 1) as pct_over,
    arg_max(name, (driver.excess, name)) filter (dimension = 'model') as top_model,
    arg_max(name, (driver.excess, name)) filter (dimension = 'project') as top_project,
    arg_max(name, (driver.excess, name)) filter (dimension = 'session') as top_session
from flagged
inner join driver using (subject, day)
group by all
order by day, subject
