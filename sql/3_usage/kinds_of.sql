-- What a response is charged for: each kind of token, and web searches, with quantity and
-- cost. One value.
--
-- A list; unnest turns its elements into rows.
--
-- @function input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
--   cache_write_1h_tokens, web_searches, input_cost, output_cost, cache_read_cost,
--   cache_write_5m_cost, cache_write_1h_cost, web_search_cost
select [
    {'position': 1, 'kind': 'input', 'quantity': input_tokens, 'cost': input_cost},
    {'position': 2, 'kind': 'output', 'quantity': output_tokens, 'cost': output_cost},
    {
        'position': 3,
        'kind': 'cache_read',
        'quantity': cache_read_tokens,
        'cost': cache_read_cost
    },
    {
        'position': 4,
        'kind': 'cache_write_5m',
        'quantity': cache_write_5m_tokens,
        'cost': cache_write_5m_cost
    },
    {
        'position': 5,
        'kind': 'cache_write_1h',
        'quantity': cache_write_1h_tokens,
        'cost': cache_write_1h_cost
    },
    {'position': 6, 'kind': 'web_search', 'quantity': web_searches, 'cost': web_search_cost}
]
