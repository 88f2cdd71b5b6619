-- Log lines by kind. One row per file and kind of line.
--
-- A second pass over the logs, for reports about the logs themselves: most lines carry no usage,
-- and line_groups leaves those out.
--
-- @table
-- @column source Kind of log.
-- @column file_id File (log_files); NULL would be a line without a file, which verify looks for.
-- @column line_kind usage; no_usage; progress_copy, synthetic or pseudo_model (usage that was not billed);
--   session_start or model_change; refused (not a JSON object that DuckDB can read).
-- @column lines Number of lines. {lines}
select source, file_id, line_kind, count(*) as lines
from log_lines
left join log_files using (source, file_index)
where not exists (
    from repaired_lines
    where repaired_lines.file_id = log_files.file_id
        and repaired_lines.line_number = log_lines.line_number
)
group by all
union all
select source, file_id, 'refused', count(*)
from repaired_lines
inner join log_files using (file_id)
group by all
