-- A path as a pattern that matches only that file. One value.
--
-- DuckDB takes a file name for a pattern: [, * and ? must not act as wildcards.
--
-- @function path
select replace(replace(replace(path, '[', '[[]'), '*', '[*]'), '?', '[?]')
