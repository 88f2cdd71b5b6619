import { indexFiles, listFiles, rows, temporaryFolder, type Connection } from './database.ts';
import type { Found } from './discover.ts';
import type { IndexedSession } from './openclaw-index.ts';
import { readSqliteLogs } from './openclaw-sqlite.ts';
import { isSqliteLog } from './sources.ts';

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

/** Makes line_groups of what the archive holds and what was read from the logs in its place. */
export const ADD_ARCHIVED = [
  'delete from archived_line_groups where file_id in (select file_id from log_files where not is_wanted)',
  // what was once counted stays, where the file no longer has it, or not with such counts. Where the file was
  // read in another way, what is read now decides
  `delete from archived_line_groups as archived using line_groups as logged, log_files as file
  where archived.file_id = logged.file_id
    and archived.own_key = logged.own_key
    and archived.file_id = file.file_id
    and (
      file.reading is distinct from getvariable('reading')
      or (
        coalesce(archived.input_tokens, 0) <= coalesce(logged.input_tokens, 0)
        and coalesce(archived.output_tokens, 0) <= coalesce(logged.output_tokens, 0)
        and coalesce(archived.cache_read_tokens, 0) <= coalesce(logged.cache_read_tokens, 0)
        and coalesce(archived.cache_write_tokens, 0) <= coalesce(logged.cache_write_tokens, 0)
      )
    )`,
  'insert into archived_line_groups by name from line_groups',
  'drop table line_groups',
  'alter table archived_line_groups rename to line_groups',
];

/** Adds what the archive holds to what was read from the logs, and lists all logs for those who read them again. */
export async function addArchived(connection: Connection, since: Date | undefined): Promise<void> {
  await connection.run(ADD_ARCHIVED.join(';\n'));
  // what was damaged before the window is not said of logs that are there either
  await connection.run(
    `insert into line_repairs (file_id, line_number, outcome, problem)
    select file_id, repair.line_number, repair.outcome, repair.problem
    from (
      select file_id, unnest(repairs) as repair from log_files
      where is_wanted and not is_read and (is_live or coalesce(modified_at >= $since::timestamptz, true)))`,
    { since: since?.toISOString() ?? null },
  );
  await indexFiles(connection, 'is_live and is_wanted');
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
