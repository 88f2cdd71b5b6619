-- A path as a pattern that matches that file alone. One value.
--
-- DuckDB takes the name of a file for a pattern: [, * and ? must not act as one.
--
-- @function path
select replace(replace(replace(path, '[', '[[]'), '*', '[*]'), '?', '[?]')
