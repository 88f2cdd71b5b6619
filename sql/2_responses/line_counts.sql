-- Log lines by what they are. One row per file and kind of line.
--
-- A second pass over the logs, for reports about the logs themselves: most lines carry no usage,
-- and line_groups leaves those out.
--
-- @table
-- @column source Kind of log.
-- @column file_id File (log_files); NULL would be a line of no file, which verify looks for.
-- @column line_kind usage; no_usage; progress_copy, synthetic or pseudo_model (usage that nobody was
--   billed for); session_start or model_change; refused (no JSON object, as far as DuckDB can read).
-- @column lines How many. {lines}
select source, file_id, line_kind, count(*) as lines
from log_lines
left join log_files using (source, file_index)
group by all
