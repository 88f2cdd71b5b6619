-- Cost per hour of the last 24 calendar hours, including hours without usage.
--
-- @column hour Hour of the day, in --timezone.
-- @column started_at Day and hour, with the zone's offset.
-- @column cost List price: what the API would have charged. {USD}
-- @column bar Cost. {shape}
with slot as (
    select
        hours_ago,
        getvariable('now') - to_hours(hours_ago) as moment,
        hour_of(getvariable('now') - to_hours(hours_ago)) as started_at
    from range(24) as ages (hours_ago)
),

used as (select key, cost from usage_by(hour_of(responded_at)) where not is_part)

select
    strftime(moment, '%H:00') as hour,
    started_at,
    if(key is null, 0, cost) as cost,
    drawn(cost, max(cost) over ()) as bar
from slot
left join used on started_at = key
order by hours_ago desc
