-- Cost and tokens per git commit or pull request, most expensive first.
--
-- A response belongs to the first commit made at or after it, in the repository of its working
-- directory and on its branch, within --hours (response_commits has the full rule). It is
-- unattributed if no commit followed, or if its repository is not on this disk, so that the sums
-- equal those of every other report. The pull request of a commit is the one that a merge message
-- names. clawtrace reads from git and never changes anything.
--
-- @param by TEXT(commit|pull-request)=commit What to sum up by.
-- @param hours INTEGER=24 Most hours between a response and its commit.
-- @column change Commit or pull request; for the rest, unattributed or no pull request.
-- @column repository Name of the repository.
-- @column made_at Time of the commit, or of the pull request's last commit. {time, optional}
-- @column subject First line of the commit's message, or why the responses are unattributed.
-- @column pull_request Number of the pull request that a merge message names. {number, optional}
-- @column commits Commits that responses went into. {commits, optional}
-- @column responses Model responses. {responses}
-- @column sessions Sessions they belong to. {sessions, optional}
-- @column input_tokens Uncached input. {tokens, optional}
-- @column output_tokens Output, reasoning included. {tokens, optional}
-- @column cache_read_tokens Input read from the cache. {tokens, optional}
-- @column cache_write_tokens Input written to the cache, for 5 minutes or an hour. {tokens, optional}
-- @column total_tokens Sum of the four. {tokens}
-- @column cost List price: what the API would have charged. {USD}
-- @column unpriced_responses Responses not in the cost: price unknown. {responses, optional}
-- @total responses, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
-- @total total_tokens, cost, unpriced_responses
-- @top 40
-- @example --last 7d
-- @example --by pull-request
with attributed as (
    select
        response_commits.* exclude (repository),
        git_commits.repository,
        git_commits.repository_name,
        git_commits.authored_at,
        git_commits.subject,
        git_commits.pull_request,
        case
            when git_commits.hash is null then 'unattributed'
            when getvariable('param_by') = 'commit' then left(git_commits.hash, 8)
            else coalesce('#' || git_commits.pull_request, 'no pull request')
        end as change,
        case
            when response_commits.repository is null then 'no repository on this disk'
            when git_commits.hash is null
                then format('no commit within {} hours', getvariable('param_hours')::integer)
        end as reason
    from response_commits
    left join git_commits
        on response_commits.repository = git_commits.repository
        and response_commits.hash = git_commits.hash
),

summed as (
    select
        change,
        repository,
        repository_name,
        reason,
        max(authored_at) as made_at,
        coalesce(
            reason,
            case
                when change <> 'no pull request' then max((authored_at, hash, subject))[3]
            end
        ) as subject,
        case when change <> 'no pull request' then max(pull_request) end as pull_request,
        count(distinct hash) as commits,
        max(hash) as last_hash,
        count(*) as responses,
        count(distinct (source, session_id)) as sessions,
        unnest(sums_of(
            input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
            cache_write_1h_tokens, total_tokens, cost
        ))
    from attributed
    group by
        change, repository, repository_name, reason, if(getvariable('param_by') = 'commit', hash, null)
)

select
    change,
    repository_name as repository,
    summed.* exclude (change, repository, repository_name, reason, last_hash)
from summed
order by cost desc nulls last, responses desc, change, summed.repository, reason, last_hash
