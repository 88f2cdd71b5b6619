import type { SqlFile } from '../catalog/sql-file.ts';
import { rows, type Connection } from '../database/connection.ts';
import { insertRecords } from '../database/records.ts';
import { LOG_FACTS } from '../facts/facts.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import type { LogFile } from '../sources/discover.ts';
import type { IndexedSession } from '../sources/openclaw-index.ts';
import { readSqliteLogs } from '../sources/openclaw-sqlite.ts';
import { isSqliteLog, openclaw } from '../sources/source.ts';
import { keptKeys } from './kept-keys.ts';

/**
 * Writes the databases among the logs out as JSON lines, which spooled_files lists. Those that the archive stands in
 * for are left, unless what they say of their sessions is asked for.
 */
export async function spoolDatabases(
  connection: Connection,
  files: readonly LogFile[],
  views: readonly SqlFile[],
  needsSessions: boolean,
): Promise<{ sessions: readonly IndexedSession[]; warnings: readonly string[] }> {
  const databases = files.filter((file) => isSqliteLog(file.path));
  if (databases.length === 0) return { sessions: [], warnings: [] };
  const asked = await rows(
    connection,
    `select path from known_files where is_read or ($needsSessions and is_live and is_wanted)`,
    { needsSessions },
  );
  const paths = new Set(asked.map(({ path }) => path));
  const chosen = databases.filter(({ path }) => paths.has(path));
  const {
    files: spooled,
    sessions,
    warnings,
  } = await readSqliteLogs(chosen, temporaryFolder(), keptKeys(openclaw.name, views));
  const readable = new Map(spooled.map((file) => [file.path, file.read_path]));
  const outcomes = chosen.map(({ path }) => ({ path, read_path: readable.get(path) ?? null }));
  await insertRecords(connection, 'spooled_files', outcomes, LOG_FACTS.spooled_files);
  return { sessions, warnings };
}
