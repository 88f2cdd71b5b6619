-- The keys of the OpenClaw Usage Dashboard's summary: those in its documentation and those in its
-- code.
--
-- @object
-- @column total_tokens_all_time Tokens of all kinds. {tokens}
-- @column total_tokens_last_30d The same for the last 30 days. {tokens}
-- @column total_tokens_last_7d The same for the last 7 days. {tokens}
-- @column estimated_cost_last_30d Cost of the last 30 days. {USD}
-- @column active_providers Providers of the last 30 days. {providers}
-- @column total_requests_all_time Responses. {responses}
-- @column total_real_tokens Input and output, without the cache. {tokens}
-- @column total_cache_tokens Cache reads and writes. {tokens}
-- @column total_requests Responses. {responses}
-- @column estimated_cost_usd Cost of all time. {USD}
-- @column by_period Input and output, and requests: today, last_7d, last_30d.
select
    max(total_tokens) filter (period = 'all time') as total_tokens_all_time,
    max(total_tokens) filter (period = 'last 30 days') as total_tokens_last_30d,
    max(total_tokens) filter (period = 'last 7 days') as total_tokens_last_7d,
    max(cost) filter (period = 'last 30 days') as estimated_cost_last_30d,
    max(providers) filter (period = 'last 30 days') as active_providers,
    max(responses) filter (period = 'all time') as total_requests_all_time,
    max(input_tokens + output_tokens) filter (period = 'all time') as total_real_tokens,
    max(cache_read_tokens + cache_write_tokens) filter (period = 'all time') as total_cache_tokens,
    max(responses) filter (period = 'all time') as total_requests,
    max(cost) filter (period = 'all time') as estimated_cost_usd,
    {
        'today': {
            'real_tokens': max(input_tokens + output_tokens) filter (period = 'today'),
            'requests': max(responses) filter (period = 'today')
        },
        'last_7d': {
            'real_tokens': max(input_tokens + output_tokens) filter (period = 'last 7 days'),
            'requests': max(responses) filter (period = 'last 7 days')
        },
        'last_30d': {
            'real_tokens': max(input_tokens + output_tokens) filter (period = 'last 30 days'),
            'requests': max(responses) filter (period = 'last 30 days')
        }
    } as by_period
from result
