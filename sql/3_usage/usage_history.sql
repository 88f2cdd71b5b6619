-- Usage of all days, as narrowed by the filters of the command line: the view usage without its
-- window. One row per response.
--
-- For a report that compares the days it shows with earlier ones. A query that reads it reads all
-- logs. Its columns are those of usage.
--
-- @history
select *
from priced_responses
where (getvariable('source_filter') is null or list_contains(getvariable('source_filter'), source))
    and (
        getvariable('provider_filter') is null
        or list_contains(getvariable('provider_filter'), lower(provider))
    )
    and (
        getvariable('model_filter') is null
        or list_any_value(list_filter(
            getvariable('model_filter'),
            wanted -> contains(lower(model), wanted) or contains(lower(logged_model), wanted)
        )) is not null
    )
    and (
        getvariable('project_filter') is null
        or list_any_value(list_filter(
            getvariable('project_filter'),
            wanted -> lower(project) = wanted
                or ends_with(replace(lower(project), '\', '/'), '/' || wanted)
        )) is not null
    )
    and (
        getvariable('agent_filter') is null
        or list_contains(getvariable('agent_filter'), lower(agent))
    )
    and (
        getvariable('session_filter') is null
        or list_any_value(list_filter(
            getvariable('session_filter'), wanted -> starts_with(lower(session_id), wanted)
        )) is not null
    )
    and (
        getvariable('branch_filter') is null
        or list_contains(getvariable('branch_filter'), lower(git_branch))
    )
