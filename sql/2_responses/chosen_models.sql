-- The models of groups that name none: the model that their session had chosen before
-- (OpenClaw). One row per such group.
--
-- @table
with choice as (
    select
        source,
        session_id,
        provider,
        model,
        responded_at as chosen_at,
        coalesce(
            lead(responded_at) over (partition by source, session_id order by responded_at),
            timestamptz 'infinity'
        ) as chosen_until
    from line_groups
    where line_kind = 'model_change'
)

select source, own_key, min(choice.provider) as provider, min(choice.model) as model
from line_groups
inner join choice using (source, session_id)
where line_kind = 'usage'
    and line_groups.model is null
    and responded_at >= chosen_at
    and responded_at < chosen_until
group by source, own_key
