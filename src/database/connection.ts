import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFile, Root } from '../sources/discover.ts';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from './duckdb.ts';
import { isGone, OWNER, OWNER_PATTERN } from '../files/owner.ts';
import { packagePath } from '../package.ts';
import { SOURCES } from '../sources/source.ts';

export type Connection = DuckDBConnection;
export type Row = Record<string, unknown>;

/** An in-memory database. Its temporary folder is private and goes with the process. */
export async function openDatabase(memoryLimit?: string): Promise<Connection> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: temporaryFolder(),
    // memory of buffers goes back to the system sooner: measured 290 MB at the peak instead of 410, in the same time
    allocator_bulk_deallocation_flush_threshold: '1MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(memoryLimit ? { memory_limit: memoryLimit } : {}),
    ...(process.env.CLAWTRACE_THREADS ? { threads: process.env.CLAWTRACE_THREADS } : {}),
  });
  const connection = await instance.connect();
  // a running query would hold up the end of the process
  if (!isListening) for (const signal of ENDS) process.prependListener(signal, interruptAll);
  isListening = true;
  open.set(connection, instance);
  return connection;
}

const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let isListening = false;
const open = new Map<Connection, DuckDBInstance>();

export const openConnections = (): Connection[] => [...open.keys()];

const interruptAll = (): void => open.forEach((_, connection) => connection.interrupt());

export function closeDatabase(connection: Connection): void {
  connection.closeSync();
  open.get(connection)?.closeSync();
  open.delete(connection);
}

/** Closes what is open, and what an error has left so. */
export function closeDatabases(): void {
  for (const connection of open.keys()) closeDatabase(connection);
}

let temporary: string | undefined;

/** A private folder, removed when the process ends; that of a killed one goes with the next. */
export function temporaryFolder(): string {
  if (!temporary) {
    removeLeftFolders();
    const folder = mkdtempSync(join(tmpdir(), `clawtrace-${OWNER}-`));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    temporary = folder;
  }
  return temporary;
}

const LEFT_FOLDER = new RegExp(`^clawtrace-(${OWNER_PATTERN})-\\w{6}$`);

/** The folder of temporary files is everybody's: what another user left is theirs to remove. */
function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!/^(EACCES|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = LEFT_FOLDER.exec(name)?.[1];
    if (owner && isGone(owner)) removeIfOurs(join(tmpdir(), name));
  }
}

export async function rows(connection: Connection, sql: string, values?: Record<string, DuckDBValue>): Promise<Row[]> {
  return (await connection.runAndReadAll(sql, values)).getRowObjectsJson();
}

/** A value and its SQL type. */
export type Variable = readonly [value: unknown, type: string];

/** Sets variables that SQL reads with getvariable(), in one go. */
export async function setVariables(
  connection: Connection,
  variables: Readonly<Record<string, Variable>>,
): Promise<void> {
  await connection.run(variableStatements(variables).join(';\n'));
}

export function variableStatements(variables: Readonly<Record<string, Variable>>): string[] {
  return Object.entries(variables).map(([name, [value, type]]) => `set variable "${name}" = ${literal(value, type)}`);
}

function literal(value: unknown, type: string): string {
  if (value === null || value === undefined) return `null::${type}`;
  const text = `'${(typeof value === 'object' ? JSON.stringify(value) : String(value)).replaceAll("'", "''")}'`;
  if (typeof value !== 'object') return `${text}::${type}`;
  return `from_json(${text}::json, '${JSON.stringify(type.endsWith('[]') ? [type.slice(0, -2)] : type)}')`;
}

/** Tells the database which files there are, and which of them can matter. */
export async function setFiles(
  connection: Connection,
  files: readonly LogFile[],
  wanted: ReadonlySet<LogFile>,
  roots: readonly Root[],
): Promise<void> {
  const found = files.map((file) => ({ ...file, is_wanted: wanted.has(file) }));
  await createFromJson(connection, 'found_files', found, {
    source: 'varchar',
    path: 'varchar',
    bytes: 'bigint',
    modified_at: 'timestamptz',
    subagent_type: 'varchar',
    is_wanted: 'boolean',
  });
  await createFromJson(connection, 'log_roots', roots, { source: 'varchar', path: 'varchar', is_found: 'boolean' });
  await createFromJson(connection, 'line_repairs', [], LINE_REPAIRS);
}

/** What became of the lines that DuckDB refused; outcome is repaired or damaged. */
export const LINE_REPAIRS = { file_id: 'ubigint', line_number: 'bigint', outcome: 'varchar', problem: 'varchar' };

/** Stands where a list of files would be empty, which DuckDB refuses. */
export const EMPTY_FILE = packagePath('sql/1_sources/_empty.jsonl');

/** [, * and ? of a name must not act as a pattern. */
export const LITERAL_PATH = `replace(replace(replace(read_path, '[', '[[]'), '*', '[*]'), '?', '[?]')`;

/**
 * Sets the lists of files that the sources read. A lost file keeps its place, as an empty one; a list
 * without any would be an error.
 */
export async function listFiles(connection: Connection): Promise<void> {
  for (const { name } of SOURCES) {
    await connection.run(
      `set variable ${name}_paths = (
        select coalesce(list(if(is_lost, $none, ${LITERAL_PATH}) order by file_index), [$none])
        from log_files where source = '${name}' and file_index is not null)`,
      { none: EMPTY_FILE },
    );
  }
}

/** Numbers the files that are read, and lists them, as log_files did at first. */
export async function indexFiles(connection: Connection): Promise<void> {
  await connection.run(`
    update log_files set file_index = places.file_index
    from (
      select file_id as id, case when is_read
        then row_number() over (partition by source, is_read order by file_rank) - 1 end as file_index
      from log_files
    ) as places
    where file_id = id`);
  await listFiles(connection);
}

/** Creates a table of records. */
export async function createFromJson(
  connection: Connection,
  table: string,
  records: readonly object[],
  columns: Record<string, string>,
): Promise<void> {
  const list = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await connection.run(`create temp table ${table} (${list.join(', ')})`);
  await insertFromJson(connection, table, records, columns);
}

/** Adds records to a table, with the columns given. */
export async function insertFromJson(
  connection: Connection,
  table: string,
  records: readonly object[],
  columns: Record<string, string>,
): Promise<void> {
  if (records.length === 0) return;
  const names = Object.keys(columns);
  const lists = names.map((name) => `unnest(from_json($${name}::json, '["${columns[name]}"]'))`);
  const values = names.map((name) => [
    name,
    JSON.stringify((records as readonly Readonly<Record<string, unknown>>[]).map((record) => record[name] ?? null)),
  ]);
  await connection.run(
    `insert into ${table} (${names.join(', ')}) select ${lists.join(', ')}`,
    Object.fromEntries(values) as Record<string, string>,
  );
}
