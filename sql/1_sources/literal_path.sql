-- A path as a pattern that matches only that file. One value.
--
-- DuckDB takes the name of a file for a pattern: [, * and ? must not act as one. In a pattern it takes
-- a backslash for the end of a folder, which it is on Windows only: elsewhere a class stands for it
-- that leaves out every other character. What holds none of the three is taken as it is.
--
-- @function path
select case
    when not regexp_matches(path, '[[*?]') then path
    else replace(
        replace(replace(replace(path, '[', '[[]'), '*', '[*]'), '?', '[?]'),
        if(starts_with(path, '/'), '\', ''),
        '[!]-' || chr(127) || chr(1) || '-[' || chr(128) || '-[]'
    )
end
