import { readsOf } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/header.ts';
import { EMPTY_FILE, LITERAL_PATH, setVariables } from '../database/connection.ts';
import type { Session } from './session.ts';

/**
 * Leaves the database what it needs to answer SELECTs, once and for all: the log files found, one by
 * one, the archive and the price tables can be read; no other file, no extension, no setting.
 * What may be read may also be written, as far as DuckDB is concerned: checkSelect must see to that.
 * An export is given the file or folder that it writes.
 */
export async function lockDown(
  { connection, request, archives }: Session,
  sql: string,
  writable: readonly string[] = [],
): Promise<void> {
  const folders = [...archives.map(({ folder }) => folder), ...writable];
  await setVariables(connection, { readable_folders: [folders, 'varchar[]'] });
  await connection.run(
    `set variable readable_files = [$empty, getvariable('alias_file'), getvariable('own_price_file'),
      getvariable('context_window_file'), getvariable('alert_event_file')]
    || getvariable('price_files') || getvariable('archive_parts') || getvariable('readable_folders') || (
      select coalesce(flatten(list([read_path, ${LITERAL_PATH}])), []) from log_files
      where is_live and is_wanted and not is_lost and $needs_logs)`,
    { empty: EMPTY_FILE, needs_logs: readsLogs(sql, request.catalog.views) },
  );
  await connection.run(`set allowed_paths = getvariable('readable_files')`);
  await connection.run(`set allowed_directories = getvariable('readable_folders')`);
  await connection.run('set enable_external_access = false; set lock_configuration = true');
}

/**
 * Whether a text reads log files itself, or a view that does (the archive's are Parquet): telling DuckDB each file
 * takes its time.
 */
function readsLogs(sql: string, views: readonly SqlFile[]): boolean {
  const scans = (text: string): boolean =>
    /\bread_(?!parquet)\w+\s*\(/i.test(text) ||
    readsOf(text, views).some((view) => view.kind !== 'table' && scans(view.sql));
  return scans(sql);
}
