-- Whether the usage can hold anything that usage_warnings would name: asked first, because it is
-- answered without pricing every response. One row.
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
