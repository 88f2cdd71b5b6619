-- The sums that every report of usage shows: tokens of each kind, cost, and what has no price. One value.
--
-- Of the rows of a group; its fields become columns with unnest. It takes columns and not a row of
-- usage, because for a row DuckDB would work out every column that usage has.
--
-- @function input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
--   cache_write_1h_tokens, total_tokens, cost
select {
    'input_tokens': sum(input_tokens)::bigint,
    'output_tokens': sum(output_tokens)::bigint,
    'cache_read_tokens': sum(cache_read_tokens)::bigint,
    'cache_write_tokens': sum(cache_write_5m_tokens + cache_write_1h_tokens)::bigint,
    'total_tokens': sum(total_tokens)::bigint,
    'cost': sum(cost),
    'unpriced_responses': count(*) filter (cost is null)
}
