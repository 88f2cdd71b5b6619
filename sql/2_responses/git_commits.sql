-- Commits of the repositories that responses were made in, with their pull requests. One row per
-- commit.
--
-- A squash merge names its pull request itself. A merge brings in its second parent and the first
-- parents before that, up to the first commit that another merge has claimed. Later merges are
-- processed before earlier ones, and each claims the trunk it was made on (its own first parents)
-- before the branch it merged. So if main is merged into a branch, main does not become part of
-- that branch, and what one pull request merged into another stays its own.
--
-- @table
-- @column repository Folder that the worktrees of the repository share.
-- @column repository_name Name of that repository's folder.
-- @column commit_number Position in the log: a commit comes before its parents.
-- @column hash Commit.
-- @column authored_at Time it was authored; a rebase keeps it.
-- @column committed_at Time it was committed; a rebase changes it.
-- @column subject First line of its message, shortened.
-- @column pull_request Number of its pull request; NULL if no merge message names one.
-- @column merged_branch Branch it was merged from; NULL if no merge message names one.
with recursive history as materialized (from git_history),

step as materialized (from git_steps),

-- where the claims of a merge begin: an even rank for its trunk, the next odd one for its branch
start_of_claim as (
    select commit_number, 2 * commit_number as rank from history where is_merge
    union all
    select second_parent.commit_number, 2 * merge.commit_number + 1
    from history as merge
    inner join history as second_parent
        on merge.repository = second_parent.repository
        and merge.parents[2] = second_parent.hash
    where merge.is_merge
),

-- a claim holds for all first parents before a commit, unless a lower rank claims them too
claimed as (
    select 0 as power, commit_number, min(rank) as rank from start_of_claim group by commit_number
    union all
    select power + 1, commit_number, min(rank)
    from (
        select power, commit_number, rank from claimed
        union all
        select power, reached, rank
        from claimed
        inner join step using (power, commit_number)
    )
    where power <= (select max(power) from step)
    group by power, commit_number
),

brought as (
    select commit_number, rank // 2 as merge_number
    from claimed
    where power = (select max(power) from claimed) and rank % 2 = 1
)

select
    history.repository,
    history.repository_name,
    history.commit_number,
    history.hash,
    history.authored_at,
    history.committed_at,
    history.subject,
    coalesce(history.named_pull_request, merge.named_pull_request) as pull_request,
    merge.named_branch as merged_branch
from history
left join brought using (commit_number)
left join history as merge on brought.merge_number = merge.commit_number
