-- Model names, logged or listed, in one spelling. One row per name.
--
-- Lower case, dashes for dots; without provider and region prefixes (openrouter/anthropic/,
-- us.anthropic.), version suffixes of Claude's hosts (-v1:0, @default) and [1m]; @20250929 becomes
-- -20250929. Never shorter than that: claude-opus-4-99 is not claude-opus-4, and gpt-4o differs
-- by date.
--
-- @table
-- @column name As logged or listed.
-- @column plain_name In the one spelling.
-- @column named_host First part of a name like openrouter/anthropic/claude-opus-4.6.
with name_seen as (
    select model as name from line_groups
    union
    select call.model from (
        select unnest(flatten(advisors)) as call from line_groups where has_advisors
    )
    union
    select model from prices
    union
    select model from model_aliases
)

select
    name,
    lower(name)
        .regexp_replace('^.*/', '')
        .regexp_replace('^([a-z][a-z-]*\.)+', '')
        .regexp_replace('\[[^\]]*\]$', '')
        .regexp_replace('@([0-9]{8})$', '-\1')
        .regexp_replace('@[a-z-]+$', '')
        .regexp_replace('^(claude.*)-v[0-9]+(:[0-9]+)?$', '\1')
        .replace('.', '-') as plain_name,
    nullif(replace(lower(regexp_extract(name, '^([^/]+)/', 1)), '_', '-'), '') as named_host
from name_seen
where name is not null
