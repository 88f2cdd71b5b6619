-- The usage, with the commit that each response went into. One row per response.
--
-- A response belongs to the first commit made at or after it, in the repository of its working
-- directory, and on its branch if git still knows that branch (by name, or by a merge message),
-- else on any branch. The time that counts is the author's: a rebase changes only the committer's.
-- Git's times are whole seconds. A commit more than --hours after the response does not count, nor
-- do later ones.
--
-- @column repository Folder that the worktrees of its repository share; NULL: not on this disk.
-- @column hash Commit; NULL: none was made in time.
with git_lane as (
    select
        repository,
        '' as lane,
        authored_at as made_at,
        min((committed_at, hash))[2] as hash
    from git_history
    group by all
    union all
    select repository, 'on ' || branch, authored_at, min((committed_at, hash))[2]
    from git_branches
    group by all
),

branch_lane as (select distinct repository, lane from git_lane),

placed as (
    select
        usage.*,
        git_places.repository,
        coalesce(branch_lane.lane, '') as lane,
        date_trunc('second', responded_at) as responded_second
    from usage
    left join git_places on usage.cwd = git_places.cwd
    left join branch_lane
        on git_places.repository = branch_lane.repository
        and 'on ' || git_branch = branch_lane.lane
)

select
    placed.* exclude (lane, responded_second),
    case
        when made_at
            <= responded_second + to_hours(coalesce(getvariable('param_hours'), 24)::integer)
            then git_lane.hash
    end as hash
from placed
asof left join git_lane
    on placed.repository = git_lane.repository
    and placed.lane = git_lane.lane
    and placed.responded_second <= git_lane.made_at
