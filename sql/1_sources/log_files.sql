-- The log files found, those that only the archive still has, and what their paths say. One row per
-- file.
--
-- file_index is the position of the file in the list that its source reads (NULL: not read in this
-- run). What reading showed is in spooled_files (databases, written out as JSON lines) and
-- unreadable_files.
--
-- @column file_id Id of the file: the archive's, else a hash of source, path and machine.
-- @column file_rank Number of the file, in the order of source, path and machine.
-- @column source Kind of log.
-- @column path Where the file is.
-- @column machine Machine it is on.
-- @column read_path What is read in its place, for logs that are not JSON lines.
-- @column bytes Size when it was found. {bytes}
-- @column modified_at Time of its last change.
-- @column run Run of clawtrace archive that wrote its rows; NULL when the archive does not have it.
-- @column reading Version of the reading rules with which it was archived.
-- @column repairs What became of its rejected lines when it was archived.
-- @column is_live True if the file still exists.
-- @column is_archived True if the archive holds it unchanged, so that it need not be read.
-- @column is_wanted True if it can contain a line of the window.
-- @column is_read True if its usage is read in this run.
-- @column is_lost True if it could not be read.
-- @column file_index Position in the list of files that were read; NULL if the file was not.
-- @column file_session_id Session that the path names.
-- @column folder_agent Agent whose folder the file is in (OpenClaw).
-- @column folder_project Project that the path names, in Claude Code's lossy spelling.
-- @column is_subagent_file True if the file is the log of a single subagent.
-- @column subagent_type Type of that subagent, from its .meta.json.
select
    file_id,
    file_rank,
    source,
    known_files.path,
    machine,
    case when is_live then coalesce(spooled_files.read_path, known_files.path) end as read_path,
    bytes,
    modified_at,
    run,
    reading,
    repairs,
    is_live,
    is_archived,
    is_wanted,
    is_read,
    is_live and (
        unreadable_files.path is not null
        or (spooled_files.path is not null and spooled_files.read_path is null)
    ) as is_lost,
    file_index,
    file_session_id,
    folder_agent,
    folder_project,
    is_subagent_file,
    subagent_type
from known_files
left join spooled_files on known_files.path = spooled_files.path
left join unreadable_files on known_files.path = unreadable_files.path
