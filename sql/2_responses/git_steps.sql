-- For each commit, the commits that are 1, 2, 4, 8 … first parents before it. One row per commit
-- and power of two.
--
-- Following first parents one at a time takes a round of recursion per commit: 50,000 rounds in an
-- old repository. Steps that double in length take 16.
--
-- @table
-- @column commit_number Commit (git_history).
-- @column power The step is two to this power.
-- @column reached commit_number of the commit that many first parents before it.
with recursive step as (
    select history.commit_number, 0 as power, first_parent.commit_number as reached
    from git_history as history
    inner join git_history as first_parent
        on history.repository = first_parent.repository
        and history.parents[1] = first_parent.hash
    union all
    select near.commit_number, near.power + 1, far.reached
    from step as near
    inner join step as far on near.reached = far.commit_number
)

from step
