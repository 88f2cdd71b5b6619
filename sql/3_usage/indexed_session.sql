-- The session in OpenClaw's index for a session id of the logs. One value.
--
-- The topics of a chat have logs of their own, with ids that end in -topic-<topic>.
--
-- @function id
select regexp_replace(id, '-topic-[^-]+$', '')
