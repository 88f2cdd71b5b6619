-- Commits of the branches that responses were made on. One row per branch and commit.
--
-- A branch has its last commit and the first parents before it, and the commits that a merge
-- message says were merged from it: the branch itself may be gone. refs/heads/feat/x and
-- refs/remotes/origin/feat/x are both feat/x.
--
-- @table
-- @column repository Folder that the worktrees of the repository share.
-- @column branch Name of the branch.
-- @column hash Commit.
-- @column authored_at Time it was authored; a rebase keeps it.
-- @column committed_at Time it was committed; a rebase changes it.
with recursive history as materialized (from git_history),

step as materialized (from git_steps),

named as (select distinct git_branch as branch from line_groups),

tip as (
    select
        git_refs.repository,
        regexp_replace(ref, '^refs/(heads|remotes/[^/]+)/', '') as branch,
        commit_number
    from git_refs
    inner join history using (repository, hash)
    where branch in (from named)
),

walked as (
    select distinct 0 as power, commit_number as tip_number, commit_number from tip
    union all
    select power + 1, tip_number, commit_number
    from (
        select power, tip_number, commit_number from walked
        union all
        select power, tip_number, reached
        from walked
        inner join step using (power, commit_number)
    )
    where power <= (select max(power) from step)
),

of_branch as (
    select branch, walked.commit_number
    from tip
    inner join walked on tip.commit_number = walked.tip_number
    where power = (select max(power) from walked)
    union
    select merged_branch, commit_number
    from git_commits
    where merged_branch in (from named)
)

select repository, branch, hash, authored_at, committed_at
from of_branch
inner join history using (commit_number)
