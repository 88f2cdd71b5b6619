-- What started each OpenClaw session, according to its key. One row per agent and session.
--
-- agent:<id>:main is the chat with its owner, :cron:<job> a scheduled job, :subagent:<id> work that
-- another session handed out, :<channel>:direct|group|channel|… a chat on that channel. The other
-- kinds are those that OpenClaw itself distinguishes (hook, acp, dashboard …); a key that the user
-- made up is custom. If a key says nothing, created_via may. A heartbeat is recognised only if it
-- has a session of its own (isolatedSession, which the index marks): any other is a turn of the
-- main session that only its text would give away, and text is not read. A reset or deleted session
-- may be gone from the index. The log of a cron job's runs still names its sessions; the others are
-- missing here: unknown, never guessed.
--
-- @column source Kind of log.
-- @column agent Agent whose folder the session is in.
-- @column session_id Session.
-- @column kind main, cron, heartbeat, subagent, channel, or another kind that OpenClaw distinguishes.
-- @column channel Channel of a chat.
-- @column job_id Cron job.
with keyed as (
    select
        coalesce(agent, '') as agent,
        session_id,
        session_key,
        channel,
        created_via,
        is_heartbeat,
        if(is_current, 1, 2) as rank
    from openclaw_sessions
    union all by name
    select
        coalesce(
            nullif(regexp_extract(session_key, '^agent:([^:]+):', 1), ''), agent, 'main'
        ) as agent,
        session_id,
        coalesce(session_key, 'cron:' || job_id) as session_key,
        3 as rank
    from cron_runs
    where session_id is not null
),

split as (
    select
        *,
        lower(regexp_replace(session_key, '^agent:[^:]+:', '')) as rest,
        split_part(rest, ':', 1) as head,
        regexp_matches(rest, '^[^:]+:([^:]+:)?(direct|dm|group|channel|room|thread|topic):')
            as has_channel
    from keyed
),

told as (
    select
        *,
        case
            when is_heartbeat then 'heartbeat'
            when rest in ('main', 'global') then 'main'
            when contains(':' || rest, ':subagent:') then 'subagent'
            when head in ('cron', 'hook', 'acp', 'harness', 'voice', 'dashboard', 'explicit')
                and contains(rest, ':') then head
            when starts_with(rest, 'tui-') then 'tui'
            when starts_with(rest, 'dreaming-narrative-') then 'dreaming'
            when rest = 'boot' or head in ('commitments', 'internal-session-effects') then 'system'
            when has_channel or head in ('direct', 'dm') then 'channel'
            when created_via in ('cron', 'channel') then created_via
            when created_via = 'spawn' then 'subagent'
            else 'custom'
        end as kind
    from split
)

select
    'openclaw' as source,
    nullif(agent, '') as agent,
    session_id,
    arg_min(kind, choice) as kind,
    arg_min(
        if(kind = 'channel', coalesce(channel, if(has_channel, head, null), ''), ''), choice
    ).nullif('') as channel,
    arg_min(if(kind = 'cron', split_part(regexp_replace(
        session_key, '^agent:[^:]+:', ''
    ), ':', 2), ''), choice).nullif('') as job_id
from (select *, (rank, len(session_key), session_key) as choice from told)
group by agent, session_id
