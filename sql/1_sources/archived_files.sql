-- The log files that the archive holds, in the state in which they were archived. One row per file.
--
-- The first line of a machine's manifest.jsonl names the parts of the archive; each further line
-- describes a log file and is a row of manifest_files. run is the run that wrote the file's rows:
-- rows of other runs are outdated. If archives of one machine are in several places, the latest run
-- that knows a file decides.
--
-- @table
-- @column source Kind of log.
-- @column path Where the file was.
-- @column machine Machine it was on.
-- @column file_id Id by which its rows refer to it.
-- @column bytes Size when it was read. {bytes}
-- @column modified_at Time of its last change before it was read.
-- @column subagent_type Type of the subagent, from its .meta.json.
-- @column run Run of clawtrace archive that wrote its rows.
-- @column reading Version of the reading rules: with another one, more may be found in the file.
-- @column repairs What became of the lines that a strict JSON parser rejects.
select
    source,
    path,
    machine,
    file_id,
    bytes,
    modified_at,
    subagent_type,
    run,
    reading,
    repairs
from manifest_files
where path is not null
qualify row_number() over (partition by source, path, machine order by run desc, reading, bytes) = 1
