-- daily
select
    usage.day,
    count(distinct usage.session_key) as sessions,
{{sums}}
from usage
group by usage.day
order by usage.day;

-- models
select
    usage.model,
    count(distinct usage.session_key) as sessions,
{{sums}}
from usage
group by usage.model
order by cost desc nulls last, usage.model;

-- projects, by their path
select
    usage.project,
    count(distinct usage.session_key) as sessions,
{{sums}}
from usage
group by usage.project
order by cost desc nulls last, usage.project;

-- sessions
select
    usage.session_id,
    usage.source,
    min(usage.project) as project,
    min(usage.responded_at) as started_at,
    max(usage.responded_at) as ended_at,
{{sums}}
from usage
group by usage.session_id, usage.source
order by cost desc nulls last, usage.session_id, usage.source;
