-- Commits of the repositories that responses were made in, as git log lists them, with what their
-- messages say about a merge. One row per commit.
--
-- Read from the project's own repository, if it is still on this disk; worktrees share one. The
-- list starts one day before the first response. Merge messages are GitHub's "Merge pull request
-- #12 from …", subjects that end in "(#12)" as in GitHub's squash merges, and "Merge branch '…'" as
-- git and GitLab write it. A subject is printed, so it is shortened and has no control characters.
--
-- @table
-- @column repository Folder that the worktrees of the repository share.
-- @column repository_name Name of that repository's folder.
-- @column commit_number Position in the log: a commit comes before its parents.
-- @column hash Commit.
-- @column parents Hashes of its parents.
-- @column authored_at Time it was authored; a rebase keeps it.
-- @column committed_at Time it was committed; a rebase changes it.
-- @column subject First line of its message, shortened.
-- @column is_merge True if its message is a merge message.
-- @column named_pull_request Pull request that its message names.
-- @column named_branch Branch that its message names.
with cleaned as (
    select
        * replace (string_split(parents, ' ') as parents),
        regexp_replace(
            regexp_replace(subject, '\pC+', ' ', 'g'), '^\pZ+|\pZ+$', '', 'g'
        ) as plain_subject
    from git_log
),

shortened as (
    select
        * replace (
            if(
                length(plain_subject) > 100, left(plain_subject, 99) || '…', plain_subject
            ) as subject
        )
    from cleaned
),

named as (
    select
        *,
        regexp_extract(
            subject,
            '^Merge pull request #(\d{1,9}) from [^/\pZ]+/([^\pZ]+)',
            ['number', 'branch']
        ) as merged,
        regexp_extract(subject, '\(#(\d{1,9})\)$', 1) as squashed,
        regexp_extract(
            subject, '^Merge (?:remote-tracking )?branch ''(?:origin/)?([^'']+)''', 1
        ) as branch
    from shortened
)

select
    repository,
    regexp_extract(
        regexp_replace(repository, '([/\\]\.git|\.git)$', ''), '[^/\\]+$'
    ) as repository_name,
    commit_number,
    hash,
    parents,
    authored_at,
    committed_at,
    subject,
    coalesce(nullif(merged.number, ''), nullif(squashed, ''))::integer as named_pull_request,
    coalesce(nullif(merged.branch, ''), nullif(named.branch, '')) as named_branch,
    named_pull_request is not null
    or (named_branch is not null and len(parents) > 1) as is_merge
from named
