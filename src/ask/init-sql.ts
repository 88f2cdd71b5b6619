import type { Catalog } from '../catalog/catalog.ts';
import { namesFrom, namesOfTables, neededViews, withoutIdleTables } from '../catalog/reads.ts';
import { openDatabase, rows, type Connection } from '../database/connection.ts';
import { setVariables } from '../database/variables.ts';
import { FACT_TABLES, FACTS } from '../facts/facts.ts';
import { log } from '../log.ts';
import { packageVersion } from '../package.ts';
import type { Values } from '../request/arguments.ts';
import { readRequest, type Request } from '../request/request.ts';
import { LIST_STATEMENTS } from '../session/log-lists.ts';
import { registeredVariables, tellQuestion } from '../session/register.ts';
import { openSession } from '../session/session.ts';
import { tellFacts } from '../session/tell.ts';
import { createStatement } from '../session/views.ts';
import type { Found } from '../sources/discover.ts';
import { isSqliteLog } from '../sources/source.ts';

/** Most bytes of a log line; DuckDB accepts twice as many. */
const LINE_LIMIT = 16 * 2 ** 20;

/** Prints a script that gives any DuckDB the views of this program, over the logs that exist now. */
export async function printInitSql(values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog);
  // the request and the files are told to a database, which then says what it knows; some views of the
  // script read all of the logs, whatever the archive holds
  const session = await openSession(await openDatabase(), request, {
    names: namesOfTables(['log_files']),
    rereads: true,
  });
  const { connection, found } = session;
  await leaveOutDatabases(connection, found);
  await tellFacts(
    { ...session, files: found.files, inDatabases: [], say: log.warn },
    FACTS.filter(({ isOfFiles }) => isOfFiles),
  );
  await setVariables(connection, {
    ...registeredVariables(request, session.archives, false, true),
    maximum_object_size: [LINE_LIMIT, 'bigint'],
  });
  await tellQuestion(connection, request);
  const views = withoutIdleTables(catalog.views);
  const ofFiles = neededViews(views, ['read_files']);
  const others = neededViews(views, namesFrom(views)).filter((view) => !ofFiles.includes(view));
  const create = (view: (typeof views)[number]): string =>
    `-- ${view.title}\n${createStatement(view, 'or replace temp ')};`;
  const script = [
    ...header(request),
    `set TimeZone = 'UTC';`,
    'set preserve_insertion_order = false;',
    ...(await variables(connection)),
    ...(await tables(connection)),
    ...ofFiles.map(create),
    ...LIST_STATEMENTS.map((statement) => `${statement};`),
    ...others.map(create),
    'set preserve_insertion_order = true;',
    `set TimeZone = ${sqlOf(request.timezone)};`,
  ];
  process.stdout.write(`${script.join('\n\n')}\n`);
}

/** DuckDB alone cannot read OpenClaw's databases: only their archived usage remains. */
async function leaveOutDatabases(connection: Connection, { files }: Found): Promise<void> {
  const databases = files.filter((file) => isSqliteLog(file.path));
  const archived = await rows(connection, 'select path from log_files where is_archived');
  const known = new Set(archived.map(({ path }) => path));
  for (const { path } of databases) {
    if (!known.has(path)) log.warn(`${path}: left out: DuckDB alone cannot read it.`);
    await connection.run('delete from found_files where path = $path', { path });
  }
}

const header = ({ now }: Request): string[] => [
  [
    `-- The views of clawtrace ${packageVersion()}, over the logs that existed at ${now.toISOString()}.`,
    '-- Everything is temporary: an open database file is not changed. The logs are read once, by this script.',
    '-- Lines that a strict JSON parser rejects are left out; clawtrace itself repairs them.',
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

/** The tables that TypeScript fills, with their rows. */
async function tables(connection: Connection): Promise<string[]> {
  const statements: string[] = [];
  for (const table of Object.keys(FACT_TABLES)) {
    const columns = await rows(connection, `select column_name as name, column_type as type from (describe ${table})`);
    // an id has more digits than a number of JavaScript
    const fields = columns.map(({ name, type }) => `'${name}': "${name}"${type === 'UBIGINT' ? '::varchar' : ''}`);
    const records = await rows(
      connection,
      `select to_json({${fields.join(', ')}})::varchar as record from ${table} order by rowid`,
    );
    statements.push(
      `create or replace temp table ${table} (${columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')});`,
    );
    if (records.length === 0) continue;
    const lines = records.map(({ record }) => {
      const values = Object.values(JSON.parse(record as string) as Record<string, unknown>);
      return `  (${values.map((value) => sqlOf(value)).join(', ')})`;
    });
    statements.push(`insert into ${table} values\n${lines.join(',\n')};`);
  }
  return statements;
}

/** A value whose literal alone does not show its type: NULL, a time, an empty list. */
const typed = (value: unknown, type: string): string => `${sqlOf(value)}::${type}`;

function sqlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => `\n  ${sqlOf(item)}`).join(',')}]`;
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  const fields = Object.entries(value).map(([name, field]) => `'${name}': ${sqlOf(field)}`);
  return `{${fields.join(', ')}}`;
}
