-- A span of days by its name, as usage_during takes it. One value.
--
-- today, yesterday, this month, last month, all time, or last N days, including today.
--
-- @function place, name
select {
    'position': place,
    'period': name,
    'since': case name
        when 'all time' then null
        when 'today' then getvariable('now')::date
        when 'yesterday' then getvariable('now')::date - 1
        when 'this month' then date_trunc('month', getvariable('now')::date)::date
        when 'last month'
            then (date_trunc('month', getvariable('now')::date) - interval 1 month)::date
        else getvariable('now')::date - regexp_extract(name, '[0-9]+')::integer + 1
    end,
    'until': case name
        when 'all time' then null
        when 'yesterday' then getvariable('now')::date - 1
        when 'last month' then date_trunc('month', getvariable('now')::date)::date - 1
        else getvariable('now')::date
    end
}
