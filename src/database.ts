import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFile, Root } from './discover.ts';
import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from './duckdb.ts';
import { isGone, OWNER, OWNER_PATTERN } from './owner.ts';
import { packagePath } from './package.ts';
import { SOURCES } from './sources.ts';

export type Connection = DuckDBConnection;
export type Row = Record<string, unknown>;

/** An in-memory database. Its temporary folder is private and goes with the process. */
export async function openDatabase(): Promise<Connection> {
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: temporaryFolder(),
    // memory of buffers goes back to the system sooner: measured 320 MB at the peak instead of 370
    allocator_bulk_deallocation_flush_threshold: '32MB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(process.env.CLAWTRACE_THREADS ? { threads: process.env.CLAWTRACE_THREADS } : {}),
  });
  const connection = await instance.connect();
  // a running query would hold up the end of the process
  process.prependListener('SIGINT', () => connection.interrupt());
  return connection;
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

function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = LEFT_FOLDER.exec(name)?.[1];
    if (owner && isGone(owner)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
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
  const statements = Object.entries(variables).map(([name, [value, type]]) => {
    const shape = JSON.stringify(type.endsWith('[]') ? [type.slice(0, -2)] : type);
    return `set variable ${name} = from_json('${JSON.stringify(value ?? null).replaceAll("'", "''")}'::json, '${shape}')`;
  });
  await connection.run(statements.join(';\n'));
}

/** Tells the database which files there are, and which of them to read. */
export async function setFiles(
  connection: Connection,
  all: readonly LogFile[],
  read: readonly LogFile[],
  roots: readonly Root[],
): Promise<void> {
  const wanted = new Set(read);
  const next = new Map<string, number>();
  const found = all.map(({ source, path, read_path, bytes, modified_at, subagent_type }, file_id) => {
    const file_index = wanted.has(all[file_id]!) ? (next.get(source) ?? 0) : null;
    if (file_index !== null) next.set(source, file_index + 1);
    return { file_id, source, path, read_path, bytes, modified_at, file_index, subagent_type, is_lost: false };
  });
  await createFromJson(connection, 'found_files', found, {
    file_id: 'integer',
    source: 'varchar',
    path: 'varchar',
    read_path: 'varchar',
    bytes: 'bigint',
    modified_at: 'timestamptz',
    file_index: 'ubigint',
    subagent_type: 'varchar',
    is_lost: 'boolean',
  });
  await createFromJson(connection, 'log_roots', roots, { source: 'varchar', path: 'varchar', is_found: 'boolean' });
  await createFromJson(connection, 'line_repairs', [], LINE_REPAIRS);
  await listFiles(connection);
}

/** What became of the lines that DuckDB refused; outcome is repaired or damaged. */
const LINE_REPAIRS = { file_id: 'integer', line_number: 'bigint', outcome: 'varchar', problem: 'varchar' };

/** Stands where a list of files would be empty, which DuckDB refuses. */
export const EMPTY_FILE = packagePath('sql/1_sources/_empty.jsonl');

/** [, * and ? of a name must not act as a pattern. */
export const LITERAL_PATH = `regexp_replace(read_path, '([\\[*?])', '[\\1]', 'g')`;

/**
 * Sets the lists of files that the sources read. A lost file keeps its place, as an empty one; a list
 * without any would be an error.
 */
export async function listFiles(connection: Connection): Promise<void> {
  for (const { name } of SOURCES) {
    await connection.run(
      `set variable ${name}_paths = (
        select coalesce(list(if(is_lost, $none, ${LITERAL_PATH}) order by file_index), [$none])
        from found_files where source = '${name}' and file_index is not null)`,
      { none: EMPTY_FILE },
    );
  }
}

/** Tells the database where the price tables are; returns them all. */
export async function setPrices(connection: Connection, ownPrices: string | null): Promise<string[]> {
  const folder = packagePath('pricing');
  const aliases = join(folder, 'aliases.csv');
  const shipped = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => join(folder, name));
  const files = [...shipped.filter((file) => file !== aliases), ...(ownPrices ? [ownPrices] : [])];
  await setVariables(connection, {
    price_files: [files, 'varchar[]'],
    own_price_file: [ownPrices, 'varchar'],
    alias_file: [aliases, 'varchar'],
  });
  return [...files, aliases];
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
