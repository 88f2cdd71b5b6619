-- The log files that the archive holds, as they were when they were archived. One row per file.
--
-- A machine's manifest.jsonl names its parts in the first line and a file in each further one, which
-- manifest_files has. run is the one that wrote the file's rows: rows of other runs are outdated.
-- Where archives of one machine are in several places, the latest run that knows a file decides.
--
-- @table
-- @column source Kind of log.
-- @column path Where the file was.
-- @column machine Machine that it was on.
-- @column file_id What its rows know it by.
-- @column bytes Size when it was read. {bytes}
-- @column modified_at Time of its last change before it was read.
-- @column subagent_type Type of the subagent, from its .meta.json.
-- @column run Run of clawtrace archive that wrote its rows.
-- @column reading Names the way it was read: another one may find more in it.
-- @column repairs What became of the lines that strict JSON refuses.
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
