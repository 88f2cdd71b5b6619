import { listFiles, rows, temporaryFolder, type Connection } from '../database/connection.ts';
import type { SqlFile } from '../catalog/header.ts';
import type { Found } from '../sources/discover.ts';
import type { IndexedSession } from '../sources/openclaw-index.ts';
import { readSqliteLogs } from '../sources/openclaw-sqlite.ts';
import { isSqliteLog } from '../sources/source.ts';

/** Lists the logs to read. OpenClaw's databases are spooled first; those that the archive stands in for are not. */
export async function listLogs(
  connection: Connection,
  found: Found,
  needsIndex: boolean,
  warnings: string[],
): Promise<IndexedSession[]> {
  const sessions: IndexedSession[] = [];
  const databases = found.files.filter((file) => isSqliteLog(file.path));
  if (databases.length > 0) {
    const asked = await rows(
      connection,
      `select path from log_files where is_read or ($needsIndex and is_live and is_wanted)`,
      { needsIndex },
    );
    const paths = new Set(asked.map(({ path }) => path));
    const spooled = await readSqliteLogs(
      databases.filter(({ path }) => paths.has(path)),
      temporaryFolder(),
    );
    warnings.push(...spooled.warnings);
    sessions.push(...spooled.sessions);
    const readable = new Map(spooled.files.map((file) => [file.path, file.read_path]));
    for (const { path } of databases) {
      await connection.run(
        'update log_files set read_path = coalesce($read_path, path), is_lost = $is_lost where path = $path',
        {
          path,
          read_path: readable.get(path) ?? null,
          is_lost: paths.has(path) && !readable.has(path),
        },
      );
    }
  }
  await listFiles(connection);
  return sessions;
}

/** Makes line_groups, a table of what was read from the logs, a view of that and of what the archive holds. */
export const addKeptStatements = (views: readonly SqlFile[]): string[] => [
  `insert into line_groups by name\n${views.find(({ name }) => name === 'kept_line_groups')!.sql}`,
  'alter table line_groups rename to logged_line_groups',
  'create or replace temp view line_groups as from logged_line_groups union all by name from archived_line_groups',
];

export async function addKept(connection: Connection, views: readonly SqlFile[]): Promise<void> {
  await connection.run(addKeptStatements(views).join(';\n'));
}

/** Where no log has to be read, and nothing was archived in another way, line_groups is what the archive holds. */
export async function archivedAlone(connection: Connection, lineGroups: SqlFile): Promise<SqlFile> {
  const [row] = await rows(
    connection,
    `select exists (
      from log_files
      where is_read or (run is not null and is_wanted and reading is distinct from getvariable('reading'))
    ) as reads`,
  );
  return row!.reads ? lineGroups : { ...lineGroups, kind: 'view', sql: 'from archived_line_groups' };
}

/** What became of refused lines in files that the archive stands in for, of those of the window. */
export async function addRepairs(connection: Connection, since: Date | undefined): Promise<void> {
  // what was damaged before the window is not said of logs that are there either
  await connection.run(
    `insert into line_repairs (file_id, line_number, outcome, problem)
    select file_id, repair.line_number, repair.outcome, repair.problem
    from (
      select file_id, unnest(repairs) as repair from log_files
      where is_wanted and not is_read and (is_live or coalesce(modified_at >= $since::timestamptz, true)))`,
    { since: since?.toISOString() ?? null },
  );
}

/** What is read from the logs once more cannot be known of those that are gone. */
export async function sayGone(connection: Connection): Promise<string[]> {
  const [gone] = await rows(
    connection,
    `select format(
      '{:,} {} gone: the archive has the usage in {}, but no tool calls, and no count of the other lines.',
      count(*), if(count(*) = 1, 'log is', 'logs are'), if(count(*) = 1, 'it', 'them')
    ) as message
    from log_files where not is_live and is_wanted having count(*) > 0`,
  );
  return gone ? [gone.message as string] : [];
}
