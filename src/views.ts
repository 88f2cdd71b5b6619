import { readsOf, type Catalog, type SqlFile } from './catalog.ts';
import { listFiles, LITERAL_PATH, rows, type Connection } from './database.ts';
import { ClawtraceError } from './errors.ts';

/** Bytes of a log line that are read without a second try. DuckDB takes twice as much. */
const LINE_LIMIT = 4 * 2 ** 20;
/** Bytes of a log line that are read at all, again half of what DuckDB takes. */
const LAST_LINE_LIMIT = 128 * 2 ** 20;

/**
 * Creates the views that a text needs, and reads the logs if it needs them.
 * Naive times in logs are UTC: the zone of the user is set afterwards.
 */
export async function createViews(
  connection: Connection,
  catalog: Catalog,
  sql: string,
  timezone: string,
  warnings: string[],
  onLogsRead: (lineGroups: SqlFile) => Promise<void>,
): Promise<void> {
  await connection.run(`set TimeZone = 'UTC'`);
  await connection.run(`set preserve_insertion_order = false`);
  await connection.run(`set variable maximum_object_size = ${LINE_LIMIT}`);
  const needed = neededViews(catalog.views, sql);
  for (const file of needed) {
    await create(connection, file, warnings);
    if (file.name === 'line_groups') await onLogsRead(file);
  }
  await connection.run(`set preserve_insertion_order = true`);
  await connection.run(`set TimeZone = '${timezone.replaceAll("'", "''")}'`);
}

/** Views that a text reads, and those they read, in the order in which they must be created. */
export function neededViews(views: readonly SqlFile[], sql: string): SqlFile[] {
  const ordered: SqlFile[] = [];
  const visit = (text: string): void => {
    for (const view of readsOf(text, views)) {
      if (ordered.includes(view)) continue;
      visit(view.sql);
      if (!ordered.includes(view)) ordered.push(view);
    }
  };
  visit(sql);
  return ordered;
}

/** All are temporary: in a database of the user's, as in ours, they leave nothing behind. */
export function createStatement({ kind, name, macroParams, sql }: SqlFile): string {
  const head = { view: `view ${name} as`, table: `table ${name} as`, macro: `macro ${name}(${macroParams}) as table` };
  return `create or replace temp ${head[kind]}\n${sql}`;
}

async function create(connection: Connection, file: SqlFile, warnings: string[]): Promise<void> {
  for (;;) {
    try {
      await connection.run(createStatement(file));
      return;
    } catch (error) {
      const { message } = error as Error;
      const isMended = /maximum_object_size/.test(message)
        ? await readLongLines(connection)
        : await leaveOut(connection, message, warnings);
      if (!isMended) throw new ClawtraceError(`${file.path}: ${message}`);
    }
  }
}

/** Raises the limit on the length of a line. False if that was done already. */
async function readLongLines(connection: Connection): Promise<boolean> {
  const [row] = await rows(connection, `select getvariable('maximum_object_size') as bytes`);
  if (row!.bytes === LAST_LINE_LIMIT) return false;
  await connection.run(`set variable maximum_object_size = ${LAST_LINE_LIMIT}`);
  return true;
}

/**
 * Leaves a file out that DuckDB's error names: it vanished, cannot be read or is a broken archive,
 * and would fail the whole query. False if the error names none.
 */
async function leaveOut(connection: Connection, message: string, warnings: string[]): Promise<boolean> {
  const [file] = await rows(
    connection,
    `select path from found_files
    where file_index is not null and not is_lost and (contains($message, read_path) or contains($message, ${LITERAL_PATH}))
    order by len(path) desc limit 1`,
    { message },
  );
  if (!file) return false;
  await connection.run('update found_files set is_lost = true where path = $path', { path: file.path as string });
  await listFiles(connection);
  warnings.push(`${file.path}: left out, it cannot be read (${message.split('\n')[0]}).`);
  return true;
}
