import { isOfPart, unreadableArchive } from '../archive/manifest.ts';
import { readsOf } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/header.ts';
import {
  EMPTY_FILE,
  listFiles,
  LITERAL_PATH,
  rows,
  variableStatements,
  type Connection,
} from '../database/connection.ts';
import { ClawtraceError, explainError } from '../errors.ts';
import { unreadablePrices } from './prices.ts';
import { SOURCES } from '../sources/source.ts';

/** Bytes of a log line that are read without a second try. DuckDB takes twice as much. */
const LINE_LIMIT = 4 * 2 ** 20;
/** Bytes of a log line that are read at all, again half of what DuckDB takes. */
const LAST_LINE_LIMIT = 128 * 2 ** 20;

/**
 * Runs statements, and creates those of the views that need no logs, in one call: DuckDB works on it
 * while this thread looks for the logs. Returns the views created: none where one of them fails, and
 * createViews will say which.
 */
export async function createEarly(
  connection: Connection,
  statements: readonly string[],
  needed: readonly SqlFile[],
): Promise<SqlFile[]> {
  const early = needed.filter((file) => isEarly(file, needed));
  const empty = Object.fromEntries(SOURCES.map(({ name }) => [`${name}_paths`, [[EMPTY_FILE], 'varchar[]'] as const]));
  const before = [...statements, ...variableStatements({ ...empty, maximum_object_size: [LINE_LIMIT, 'bigint'] })];
  try {
    await connection.run([...before, 'begin', ...early.map(createStatement), 'commit'].join(';\n'));
    return early;
  } catch {
    await connection.run('rollback');
    return [];
  }
}

/** Tables of the database that say which files were found: they come later. */
const FOUND = /\b(found_(files|sessions|cron_runs|locks)|log_roots|line_repairs|git_(log|places|branches))\b/;
const LOG_LISTS = new RegExp(`getvariable\\('(${SOURCES.map(({ name }) => name).join('|')})_paths'\\)`);

/** Whether a file can be created before the logs are found. A view of logs can: it is read later. */
function isEarly(file: SqlFile, needed: readonly SqlFile[]): boolean {
  const reads = readsOf(file.sql, needed).filter((read) => read !== file);
  if (FOUND.test(file.sql) || !reads.every((read) => isEarly(read, needed))) return false;
  return file.kind === 'view' || !readsLogs(file, needed);
}

function readsLogs(file: SqlFile, needed: readonly SqlFile[]): boolean {
  const reads = readsOf(file.sql, needed).filter((read) => read !== file);
  return LOG_LISTS.test(file.sql) || reads.some((read) => readsLogs(read, needed));
}

const LOG_VIEWS = ['log_lines', ...SOURCES.map(({ name }) => name)];

/** Whether the logs themselves are read beside line_groups, so that the archive cannot stand in for them. */
export function readsLogsAgain(needed: readonly SqlFile[], sql: string): boolean {
  const others = needed.filter((file) => file.name !== 'line_groups' && !LOG_VIEWS.includes(file.name));
  return [...others.map((file) => file.sql), sql].some(
    (text) => LOG_LISTS.test(text) || readsOf(text, needed).some((read) => LOG_VIEWS.includes(read.name)),
  );
}

/**
 * What must be there before a view is created, by the name of the view: costly to find, and seldom asked for.
 * What only the views can tell how to find, it returns to be done once they are all there.
 */
export type Feeds = Readonly<Record<string, () => Promise<void | (() => Promise<void>)>>>;

/**
 * Creates the views that are still missing, and reads the logs if they need them. What stands in for
 * a view is chosen before it is created; what is to be done after it, before the next one.
 * Naive times in logs are UTC: the zone of the user is set afterwards.
 */
export async function createViews(
  connection: Connection,
  missing: readonly SqlFile[],
  timezone: string,
  warnings: string[],
  feeds: Feeds,
  onCreated: (file: SqlFile) => Promise<void>,
  chosen: (file: SqlFile) => Promise<SqlFile>,
): Promise<void> {
  await connection.run(`set TimeZone = 'UTC'`);
  await connection.run(`set preserve_insertion_order = false`);
  const afterwards: (() => Promise<void>)[] = [];
  for (const needed of missing) {
    const rest = await feeds[needed.name]?.();
    if (rest) afterwards.push(rest);
    const file = await chosen(needed);
    await create(connection, file, warnings);
    await onCreated(file);
  }
  await connection.run(`set preserve_insertion_order = true`);
  await connection.run(`set TimeZone = '${timezone.replaceAll("'", "''")}'`);
  for (const rest of afterwards) await rest();
}

/** All are temporary: in a database of the user's, as in ours, they leave nothing behind. */
export function createStatement({ kind, name, macroParams, sql }: SqlFile): string {
  const head = {
    view: `view ${name} as`,
    table: `table ${name} as`,
    macro: `macro ${name}(${macroParams}) as table`,
    function: `macro ${name}(${macroParams}) as`,
  };
  // a function is an expression, not a subquery of each row, which takes twice as long
  const body = kind === 'function' ? `(${sql.replace(/^select\b/, '')})` : sql;
  return `create or replace temp ${head[kind]}\n${body}`;
}

async function create(connection: Connection, file: SqlFile, warnings: string[]): Promise<void> {
  for (;;) {
    try {
      await connection.run(createStatement(file));
      return;
    } catch (error) {
      const { message } = error as Error;
      if (message.startsWith('INTERRUPT')) throw new ClawtraceError(explainError(message));
      if (file.name.startsWith('archived_') || isOfPart(message)) throw unreadableArchive(message);
      if (PRICE_VIEWS.includes(file.name) && IS_OF_FILE.test(message)) throw unreadablePrices(message.split('\n')[0]!);
      const isMended = /maximum_object_size/.test(message)
        ? await readLongLines(connection)
        : await leaveOut(connection, message, warnings);
      if (!isMended) throw new ClawtraceError(`${file.path}: ${explainError(message)}`);
    }
  }
}

const PRICE_VIEWS = ['price_list', 'prices'];
const IS_OF_FILE = /^(IO|Invalid Input|Conversion) Error/;

/** Raises the limit on the length of a line. False if that was done already. */
async function readLongLines(connection: Connection): Promise<boolean> {
  const [row] = await rows(connection, `select getvariable('maximum_object_size') as bytes`);
  if (row!.bytes === LAST_LINE_LIMIT) return false;
  await connection.run(`set variable maximum_object_size = ${LAST_LINE_LIMIT}`);
  return true;
}

/**
 * Leaves a file out that cannot be read: it vanished, is not ours to read or is a broken archive, and
 * would fail the whole query. False if there is none.
 */
async function leaveOut(connection: Connection, message: string, warnings: string[]): Promise<boolean> {
  const path = (await namedFile(connection, message)) ?? (await brokenArchive(connection));
  if (!path) return false;
  await connection.run('update log_files set is_lost = true where path = $path', { path });
  await listFiles(connection);
  warnings.push(`${path}: left out, it cannot be read (${message.split('\n')[0]}).`);
  return true;
}

/** The file that DuckDB's error names. */
async function namedFile(connection: Connection, message: string): Promise<string | undefined> {
  const [file] = await rows(
    connection,
    `select path from log_files
    where file_index is not null and not is_lost and (contains($message, read_path) or contains($message, ${LITERAL_PATH}))
    order by len(path) desc limit 1`,
    { message },
  );
  return file?.path as string | undefined;
}

/** What DuckDB finds wrong inside a .gz or .zst, it says without a name: each is tried alone. */
async function brokenArchive(connection: Connection): Promise<string | undefined> {
  const files = await rows(
    connection,
    `select path, ${LITERAL_PATH} as literal_path from log_files
    where file_index is not null and not is_lost and regexp_matches(read_path, '[.](gz|zst)$') order by path`,
  );
  for (const { path, literal_path } of files) {
    try {
      await connection.run(
        `select count(type) from read_json($literal_path, format = 'newline_delimited', hive_partitioning = false,
          ignore_errors = true, maximum_object_size = getvariable('maximum_object_size'), columns = {type: 'varchar'})`,
        { literal_path: literal_path as string },
      );
    } catch {
      return path as string;
    }
  }
  return undefined;
}
