-- Cost and tokens per git branch, most expensive first.
--
-- The branch that was checked out at the time of the response.
--
-- @column branch Branch; NULL if the log names none.
-- @key branch
-- @example --last 7d
select key as branch, * exclude (key)
from usage_by(git_branch)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
