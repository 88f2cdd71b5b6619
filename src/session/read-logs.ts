import type { SqlFile } from '../catalog/sql-file.ts';
import { rows, type Connection } from '../database/connection.ts';
import { insertRecords } from '../database/records.ts';
import { LOG_FACTS } from '../facts/facts.ts';
import { listLogs, listRepaired, readLongLines } from './log-lists.ts';
import { repairLogs } from './repair.ts';
import { fillTable } from './views.ts';

/**
 * Fills tables from the logs. If DuckDB refused lines, what can be recovered from them is added, and
 * repaired_lines says what became of each. Returns warnings about files that had to be left out.
 */
export async function readLogs(
  connection: Connection,
  tables: readonly SqlFile[],
  views: readonly SqlFile[],
): Promise<string[]> {
  await listLogs(connection);
  const warnings: string[] = [];
  for (const table of tables) warnings.push(...(await fillFromLogs(connection, table, views)));
  const repaired = tables.filter(({ isRepaired }) => isRepaired);
  if (repaired.length > 0 && (await repairLogs(connection))) {
    await listRepaired(connection, true);
    for (const table of repaired) await fillTable(connection, table, views);
    await listRepaired(connection, false);
  }
  return warnings;
}

/** Tries until nothing fails any more: a line may be too long for the first try, a file may be unreadable. */
async function fillFromLogs(connection: Connection, table: SqlFile, views: readonly SqlFile[]): Promise<string[]> {
  const warnings: string[] = [];
  for (;;) {
    try {
      await fillTable(connection, table, views);
      return warnings;
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith('INTERRUPT')) throw error;
      if (/maximum_object_size/.test(message) && (await readLongLines(connection))) continue;
      const path = await unreadableFile(connection, message);
      if (path === undefined) throw error;
      await insertRecords(connection, 'unreadable_files', [{ path }], LOG_FACTS.unreadable_files);
      await listLogs(connection);
      warnings.push(`${path}: left out: it cannot be read (${message.split('\n')[0]}).`);
    }
  }
}

/** The log that made a query fail: it vanished, may not be read or is a broken archive. */
const unreadableFile = async (connection: Connection, message: string): Promise<string | undefined> =>
  (await namedFile(connection, message)) ?? (await brokenArchive(connection));

/** The file that DuckDB's error names. */
async function namedFile(connection: Connection, message: string): Promise<string | undefined> {
  const [file] = await rows(
    connection,
    `select path from log_files
    where file_index is not null and not is_lost
      and (contains($message, read_path) or contains($message, literal_path(read_path)))
    order by len(path) desc limit 1`,
    { message },
  );
  return file?.path as string | undefined;
}

/** DuckDB does not name the .gz or .zst file in which it found an error: each is tried alone. */
async function brokenArchive(connection: Connection): Promise<string | undefined> {
  const files = await rows(
    connection,
    `select path, literal_path(read_path) as pattern from log_files
    where file_index is not null and not is_lost and regexp_matches(read_path, '[.](gz|zst)$') order by path`,
  );
  for (const { path, pattern } of files) {
    try {
      await connection.run(
        `select count(type) from read_json($pattern, format = 'newline_delimited', hive_partitioning = false,
          ignore_errors = true, maximum_object_size = getvariable('maximum_object_size'), columns = {type: 'varchar'})`,
        { pattern: pattern as string },
      );
    } catch {
      return path as string;
    }
  }
  return undefined;
}
