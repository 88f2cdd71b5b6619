import type { Names } from '../database/names.ts';
import { setVariables } from '../database/variables.ts';
import type { Session } from './session.ts';
import { sideFilePaths } from './side-files.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';

/**
 * Locks the database down to what it needs to answer SELECTs, once and for all: the log files found, one by
 * one, the archive and the side files can be read; no other file, no extension, no setting.
 * What may be read may also be written, as far as DuckDB is concerned: checkSelect must see to that.
 * An export is given the file or folder that it writes.
 */
export async function lockDown(session: Session, names: Names, writable: readonly string[] = []): Promise<void> {
  const { connection, archives, request } = session;
  await setVariables(connection, {
    readable_folders: [[...archives.map(({ folder }) => folder), ...writable], 'varchar[]'],
    readable_files: [[...sideFilePaths(request), ...writable], 'varchar[]'],
  });
  const opensLogs = names.functions.some((name) => READERS_OF_LOGS.includes(name));
  // telling DuckDB about each log takes time
  const logs = opensLogs
    ? `select coalesce(flatten(list([read_path, literal_path(read_path)])), []) from log_files
      where is_live and is_wanted and not is_lost`
    : 'select []';
  const scanned = SOURCES.map(({ name }) => `getvariable('${pathsVariable(name)}')`);
  await connection.run(`
    set variable readable_files = getvariable('readable_files') || getvariable('archive_parts') || ${scanned.join(' || ')} || (${logs});
    set allowed_paths = getvariable('readable_files');
    set allowed_directories = getvariable('readable_folders');
    set enable_external_access = false;
    set lock_configuration = true`);
}

/** Functions with which the user's SQL may read logs. */
const READERS_OF_LOGS = [
  'read_blob',
  'read_csv',
  'read_csv_auto',
  'read_json',
  'read_json_auto',
  'read_json_objects',
  'read_json_objects_auto',
  'read_ndjson',
  'read_ndjson_auto',
  'read_ndjson_objects',
  'read_text',
  'sniff_csv',
];
