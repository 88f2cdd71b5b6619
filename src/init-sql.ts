import { withoutIdleTables, type Catalog } from './catalog.ts';
import { listFiles, rows, type Connection } from './database.ts';
import { log } from './log.ts';
import { allViews } from './query.ts';
import { readRequest, openSession, type Request } from './session.ts';
import { isSqliteLog } from './sources.ts';
import { createStatement, neededViews } from './views.ts';
import type { Values } from './arguments.ts';
import { packageVersion } from './package.ts';

/** Bytes of a log line, of which DuckDB takes twice as many. A script cannot try again, as we do. */
const LINE_LIMIT = 16 * 2 ** 20;

/** Prints a script that gives any DuckDB the views of this program, over the logs that are there now. */
export async function printInitSql(values: Values, catalog: Catalog): Promise<void> {
  const views = withoutIdleTables(catalog.views);
  const request = readRequest(values, { ...catalog, views });
  // the request and the files are told to a database, which then says what it knows
  const session = await openSession(request, 'from time_window');
  const databases = session.found.files.filter((file) => isSqliteLog(file.path));
  for (const { path } of databases) log.warn(`${path}: left out, DuckDB alone cannot read it.`);
  const { connection } = session;
  await connection.run('update found_files set is_lost = true, read_path = path where read_path <> path');
  await listFiles(connection);
  await connection.run(`set variable maximum_object_size = ${LINE_LIMIT}`);
  const script = [
    ...header(request),
    `set TimeZone = 'UTC';`,
    'set preserve_insertion_order = false;',
    ...(await variables(connection)),
    ...(await tables(connection)),
    ...neededViews(views, allViews(views)).map((file) => `-- ${file.title}\n${createStatement(file)};`),
    'set preserve_insertion_order = true;',
    `set TimeZone = ${literal(request.timezone)};`,
  ];
  process.stdout.write(`${script.join('\n\n')}\n`);
}

const header = ({ now }: Request): string[] => [
  [
    `-- The views of clawtrace ${packageVersion()}, over the logs that were there at ${now.toISOString()}.`,
    '-- Everything is temporary: a database file that is open stays as it is. It reads the logs once, here.',
    '-- Lines that strict JSON refuses are left out; clawtrace itself repairs them.',
    '--',
    '--   clawtrace init-sql > init.sql && duckdb -init init.sql',
  ].join('\n'),
];

async function variables(connection: Connection): Promise<string[]> {
  const known = await rows(connection, 'select name, type from duckdb_variables() order by name');
  const select = known.map(({ name }) => `to_json(getvariable('${name}'))::varchar as "${name}"`);
  const [values] = await rows(connection, `select ${select.join(', ')}`);
  return known.map(
    ({ name, type }) =>
      `set variable ${name} = ${typed(JSON.parse((values![name as string] as string) ?? 'null'), type as string)};`,
  );
}

const TABLES = ['found_files', 'log_roots', 'line_repairs'];

async function tables(connection: Connection): Promise<string[]> {
  const statements: string[] = [];
  for (const table of TABLES) {
    const columns = await rows(connection, `select column_name as name, column_type as type from (describe ${table})`);
    const records = await rows(connection, `select to_json(t)::varchar as record from ${table} as t order by rowid`);
    statements.push(
      `create or replace temp table ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')});`,
    );
    if (records.length === 0) continue;
    const lines = records.map(({ record }) => {
      const values = Object.values(JSON.parse(record as string) as Record<string, unknown>);
      return `  (${values.map((value) => literal(value)).join(', ')})`;
    });
    statements.push(`insert into ${table} values\n${lines.join(',\n')};`);
  }
  return statements;
}

/** A value of a type that its literal alone does not tell: NULL, a time, an empty list. */
const typed = (value: unknown, type: string): string => `${literal(value)}::${type}`;

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => `\n  ${literal(item)}`).join(',')}]`;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return String(value ?? null);
}
