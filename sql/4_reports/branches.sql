-- Cost and tokens per git branch, the costliest first.
--
-- The branch that was checked out when the response came.
--
-- @column branch Branch; NULL where the log names none.
-- @key branch
-- @example --last 7d
select key as branch, * exclude (key)
from usage_by(git_branch)
order by max(cost) over (partition by key) desc nulls last, key, is_part, cost desc nulls last, part
