-- A response's value in a dimension other than time, as text. One value.
--
-- Takes a row of usage.
--
-- @function name, usage
select case name
    when 'model' then usage.model
    when 'provider' then usage.provider
    when 'project' then usage.project
    when 'agent' then usage.agent
    when 'source' then usage.source
    when 'session' then usage.session_id
    when 'branch' then usage.git_branch
    when 'machine' then usage.machine
    when 'speed' then usage.speed
    when 'service-tier' then usage.service_tier
end
