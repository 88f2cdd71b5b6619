-- Whether usage_warnings can find anything in the usage. One row.
--
-- It is asked first, because the answer does not require pricing every response.
--
-- @column has_doubts True if it can.
select
    exists (from priced_models where price_model is null)
    or exists (
        from line_groups
        where line_kind = 'usage' and (
            responded_at is null
            or web_searches > 0
            or speed = 'fast'
            or service_tier not in ('standard', 'default', '')
        )
    ) as has_doubts
