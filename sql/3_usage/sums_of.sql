-- The sums that every report of usage shows: tokens of each kind, cost, and responses without a
-- price. One value.
--
-- Sums over the rows of a group; unnest turns its fields into columns. It takes columns rather than
-- a row of usage, because for a row DuckDB would compute every column of usage.
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
