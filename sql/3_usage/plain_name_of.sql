-- The normalised spelling of a model's name, logged or listed. One value.
--
-- Lower case, dashes for dots; without provider and region prefixes (openrouter/anthropic/,
-- us.anthropic.), version suffixes of Claude's hosts (-v1:0, @default) and [1m]; @20250929 becomes
-- -20250929. Nothing else is cut off: claude-opus-4-99 is not claude-opus-4, and versions of gpt-4o
-- with different dates are different models.
--
-- @function model
select lower(model)
    .regexp_replace('^.*/', '')
    .regexp_replace('^([a-z][a-z-]*\.)+', '')
    .regexp_replace('\[[^\]]*\]$', '')
    .regexp_replace('@([0-9]{8})$', '-\1')
    .regexp_replace('@[a-z-]+$', '')
    .regexp_replace('^(claude.*)-v[0-9]+(:[0-9]+)?$', '\1')
    .replace('.', '-')
