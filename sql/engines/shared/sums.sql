    count(*) as responses,
    sum(usage.input_tokens) as input_tokens,
    sum(usage.output_tokens) as output_tokens,
    sum(usage.cache_read_tokens) as cache_read_tokens,
    sum(usage.cache_write_5m_tokens + usage.cache_write_1h_tokens) as cache_write_tokens,
    sum(usage.total_tokens) as total_tokens,
    sum(usage.cost) as cost,
    count(*) - count(usage.cost) as unpriced_responses
