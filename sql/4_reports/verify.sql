-- Checks that the figures add up in your own logs, and shows both sides of each check.
--
-- Sums over periods and dimensions are taken group by group, as in the reports, so that a response
-- lost or counted twice on the way would show. Exits with code 1 if a check fails.
--
-- @column invariant What must be true. {prose}
-- @column left_is What the first figure is. {, optional}
-- @column left_value Its value, with every digit. {line}
-- @column right_is What the second figure is, which must be equal. {, optional}
-- @column right_value Its value, with every digit. {line}
-- @column holds True if the two are equal.
-- @exit 1 when not holds
-- @example
-- @example --last 30d
with counted as materialized (
    select
        source,
        response_key,
        session_id,
        project,
        model,
        responded_at::date as day,
        cost,
        input_cost + output_cost + cache_read_cost + cache_write_cost + web_search_cost
            as sum_of_costs,
        cost_basis,
        total_tokens,
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens
    from usage
),

grouped as (
    select 'days' as groups, sum(cost) as cost, sum(total_tokens) as total_tokens
    from counted
    group by day
    union all
    select 'weeks', sum(cost), sum(total_tokens)
    from counted
    group by week_of(day)
    union all
    select 'months', sum(cost), sum(total_tokens)
    from counted
    group by strftime(day, '%Y-%m')
    union all
    select 'sessions', sum(cost), sum(total_tokens)
    from counted
    group by source, session_id
    union all
    select 'projects', sum(cost), sum(total_tokens)
    from counted
    group by project
    union all
    select 'models', sum(cost), sum(total_tokens)
    from counted
    group by model
),

regrouped as (
    select
        position,
        groups,
        coalesce(sum(cost), 0) as cost,
        coalesce(sum(total_tokens), 0) as total_tokens
    from (
        select unnest([
            {'position': 1, 'groups': 'days'},
            {'position': 2, 'groups': 'weeks'},
            {'position': 3, 'groups': 'months'},
            {'position': 4, 'groups': 'sessions'},
            {'position': 5, 'groups': 'projects'},
            {'position': 6, 'groups': 'models'}
        ], recursive := true)
    )
    left join grouped using (groups)
    group by all
),

whole as (
    select
        coalesce(sum(cost), 0) as cost,
        coalesce(sum(total_tokens), 0) as total_tokens,
        coalesce(
            sum(input_tokens) + sum(output_tokens) + sum(cache_read_tokens)
            + sum(cache_write_5m_tokens) + sum(cache_write_1h_tokens),
            0
        ) as sum_of_kinds,
        count(*) as responses,
        count(*) filter (
            total_tokens = input_tokens + output_tokens + cache_read_tokens
                + cache_write_5m_tokens + cache_write_1h_tokens
        ) as whole_responses,
        coalesce(sum(cost) filter (cost_basis = 'list'), 0) as list_cost,
        coalesce(sum(sum_of_costs) filter (cost_basis = 'list'), 0) as list_sum_of_costs,
        count(*) filter (cost_basis = 'list') as list_responses,
        count(*) filter (cost_basis = 'list' and cost is not distinct from sum_of_costs)
            as whole_list_responses
    from counted
),

response as (
    select
        count(*) as responses,
        count(distinct (source, response_key)) as response_keys,
        coalesce(sum(log_lines), 0) as folded_lines
    from responses
),

-- a response with two price rows would be here twice
priced as (
    select
        count(*) filter (price_tier is not null)
        + count(*) filter (price_tier is null and cost_basis in ('logged', 'free'))
        + count(*) filter (price_tier is null and cost is null) as priced_or_not
    from priced_responses
),

-- repaired lines are read separately, so a second pass over their files must not count them
again as (
    select
        coalesce(sum(lines), 0) as lines,
        coalesce(sum(lines) filter (file_id is not null), 0) as lines_of_files,
        coalesce(sum(lines) filter (line_kind = 'usage' and is_sound), 0) as sound_usage_lines
    from (
        select *, file_id not in (select file_id from line_repairs) as is_sound from line_counts
    )
),

usage_line as (
    select
        coalesce(sum(log_lines), 0) as lines,
        -- usage that only the archive has is no longer in any log
        coalesce(
            sum(log_lines) filter (
                not is_archived and file_id not in (select file_id from line_repairs)
            ),
            0
        ) as sound_lines
    from line_groups
    where line_kind = 'usage'
),

figures as (
    select
        position,
        'cost over ' || groups as invariant,
        'sum over responses' as left_is,
        whole.cost::varchar as left_value,
        'sum over ' || groups as right_is,
        regrouped.cost::varchar as right_value
    from regrouped
    cross join whole
    union all
    select
        position + 10,
        'total_tokens over ' || groups,
        'sum over responses',
        whole.total_tokens::varchar,
        'sum over ' || groups,
        regrouped.total_tokens::varchar
    from regrouped
    cross join whole
    union all
    select unnest([
        {
            'position': 21,
            'invariant': 'parts equal the whole: tokens',
            'left_is': 'total_tokens',
            'left_value': total_tokens::varchar,
            'right_is': 'sum of the five kinds',
            'right_value': sum_of_kinds::varchar
        },
        {
            'position': 22,
            'invariant': 'parts equal the whole in each response: tokens',
            'left_is': 'responses',
            'left_value': responses::varchar,
            'right_is': 'those whose kinds add up',
            'right_value': whole_responses::varchar
        },
        {
            'position': 23,
            'invariant': 'parts equal the whole: list cost',
            'left_is': 'cost at list price',
            'left_value': list_cost::varchar,
            'right_is': 'sum of the five costs',
            'right_value': list_sum_of_costs::varchar
        },
        {
            'position': 24,
            'invariant': 'parts equal the whole in each response: list cost',
            'left_is': 'responses at list price',
            'left_value': list_responses::varchar,
            'right_is': 'those whose costs add up',
            'right_value': whole_list_responses::varchar
        }
    ], recursive := true)
    from whole
    union all
    select unnest([
        {
            'position': 31,
            'invariant': 'a response is counted once',
            'left_is': 'responses',
            'left_value': responses::varchar,
            'right_is': 'response keys per source',
            'right_value': response_keys::varchar
        },
        {
            'position': 32,
            'invariant': 'a response has one price or none',
            'left_is': 'response keys per source',
            'left_value': response_keys::varchar,
            'right_is': 'with one price row + free or logged cost + unpriced',
            'right_value': priced_or_not::varchar
        },
        {
            'position': 41,
            'invariant': 'every usage line is folded into a response',
            'left_is': 'usage lines',
            'left_value': usage_line.lines::varchar,
            'right_is': 'folded into responses',
            'right_value': folded_lines::varchar
        },
        {
            'position': 42,
            'invariant': 'a second pass finds the same usage lines',
            'left_is': 'usage lines of files that needed no repair',
            'left_value': sound_lines::varchar,
            'right_is': 'counted again',
            'right_value': sound_usage_lines::varchar
        },
        {
            'position': 43,
            'invariant': 'every log line belongs to one file',
            'left_is': 'log lines',
            'left_value': again.lines::varchar,
            'right_is': 'sum over the files found',
            'right_value': lines_of_files::varchar
        }
    ], recursive := true)
    from response
    cross join priced
    cross join again
    cross join usage_line
)

select * exclude (position), left_value = right_value as holds
from figures
order by position
