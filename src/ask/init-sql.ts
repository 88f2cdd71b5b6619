import { hasArchive } from '../archive/manifest.ts';
import { withoutIdleTables, type Catalog } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/header.ts';
import { listFiles, rows, type Connection } from '../database/connection.ts';
import type { Found } from '../sources/discover.ts';
import { gitFeeds } from '../sources/git-log.ts';
import { log } from '../log.ts';
import { openclawFeeds } from '../sources/openclaw-index.ts';
import { allViews } from './query.ts';
import { addKeptStatements } from '../session/logs.ts';
import { readRequest, type Request } from '../request/request.ts';
import { neededForLogs, openSession } from '../session/session.ts';
import { isSqliteLog } from '../sources/source.ts';
import { createStatement } from '../session/views.ts';
import type { Values } from '../request/arguments.ts';
import { packageVersion } from '../package.ts';

/** Bytes of a log line, of which DuckDB takes twice as many. A script cannot try again, as we do. */
const LINE_LIMIT = 16 * 2 ** 20;

/** Prints a script that gives any DuckDB the views of this program, over the logs that are there now. */
export async function printInitSql(values: Values, catalog: Catalog): Promise<void> {
  const views = withoutIdleTables(catalog.views);
  const request = readRequest(values, { ...catalog, views });
  // the request and the files are told to a database, which then says what it knows; some views of the
  // script read all of the logs, whatever the archive holds
  const { connection, found, archives } = await openSession(request, 'from log_files', { rereads: true });
  await leaveOutDatabases(connection, found, views);
  const feeds = { ...openclawFeeds(connection, found.files, []), ...gitFeeds(connection) };
  for (const feed of Object.values(feeds)) await feed();
  await connection.run(`set variable maximum_object_size = ${LINE_LIMIT}`);
  const script = [
    ...header(request),
    `set TimeZone = 'UTC';`,
    'set preserve_insertion_order = false;',
    ...(await variables(connection)),
    ...(await tables(connection)),
    ...neededForLogs(views, allViews(views), archives).flatMap((file) => [
      `-- ${file.title}\n${createStatement(file)};`,
      ...(file.name === 'line_groups' && hasArchive(archives) ? [`${addKeptStatements(views).join(';\n')};`] : []),
    ]),
    'set preserve_insertion_order = true;',
    `set TimeZone = ${literal(request.timezone)};`,
  ];
  process.stdout.write(`${script.join('\n\n')}\n`);
}

/** DuckDB alone cannot read OpenClaw's databases: what the archive has of them is left. */
async function leaveOutDatabases(connection: Connection, { files }: Found, views: readonly SqlFile[]): Promise<void> {
  const databases = files.filter((file) => isSqliteLog(file.path));
  if (databases.length === 0) return;
  const archived = await rows(connection, 'select path from log_files where is_archived');
  const known = new Set(archived.map(({ path }) => path));
  for (const { path } of databases) {
    if (!known.has(path)) log.warn(`${path}: left out, DuckDB alone cannot read it.`);
    await connection.run('delete from found_files where path = $path', { path });
  }
  await connection.run(createStatement(views.find(({ name }) => name === 'log_files')!));
  await listFiles(connection);
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

const TABLES = [
  'found_files',
  'log_roots',
  'line_repairs',
  'found_sessions',
  'found_cron_runs',
  'found_locks',
  'git_places',
  'git_log',
  'git_branches',
];

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
