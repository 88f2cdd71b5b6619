-- Commits of the repositories that responses were made in, as git log tells them. One row per
-- commit.
--
-- Read from the project's own repository, where it still is on this disk; worktrees share one. Only
-- commits since the first response. The pull request is the one that a merge message names: "Merge
-- pull request #12 from …" for the commits of the merged branch, a subject that ends in "(#12)" for
-- itself.
--
-- @column repository Folder that the worktrees of the repository share.
-- @column repository_name Name of that repository's folder.
-- @column hash Commit.
-- @column authored_at Time it was made; a rebase keeps it.
-- @column committed_at Time it was last written.
-- @column subject First line of its message, shortened.
-- @column pull_request Number of its pull request; NULL where no merge message names one.
select
    repository,
    regexp_extract(
        regexp_replace(repository, '([/\\]\.git|\.git)$', ''), '[^/\\]+$'
    ) as repository_name,
    hash,
    authored_at,
    committed_at,
    subject,
    pull_request
from git_log
