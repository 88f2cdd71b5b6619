import { readMemoryLimit, readQueryParams, readTimeout, type Values } from '../request/arguments.ts';
import { withoutIdleTables, type Catalog } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/header.ts';
import { openDatabase, rows, type Connection } from '../database/connection.ts';
import { lockDown } from '../session/lockdown.ts';
import { log } from '../log.ts';
import { print, type Shown } from '../output/render.ts';
import { readRequest } from '../request/request.ts';
import { asUserError, describe, type Result } from '../session/result.ts';
import { addWarnings, WARNING_VIEWS } from './report.ts';
import { checkSelect, type Select } from '../database/checked-select.ts';
import { openSession } from '../session/session.ts';
import { withTimeout } from '../database/timeout.ts';

/** Runs SQL of the user over the views, and prints what it gives. */
export async function runUserQuery(sql: string, values: Values, catalog: Catalog): Promise<void> {
  const params = readQueryParams(values);
  const request = { ...readRequest(values, catalog), params };
  const timeout = readTimeout(values);
  const connection = await openDatabase(readMemoryLimit(values));
  const select = await checkUnless(Boolean(values.write), connection, sql);
  const { session, shown } = await withTimeout(connection, timeout, async () => {
    const { views, text } = viewsFor(sql, select, catalog);
    const session = await openSession({ ...request, catalog: { ...catalog, views } }, text, { connection });
    if (!values.write) await lockDown(session, `${text}\n${sql}`);
    const shown = select ? await runSelect(connection, select, params) : await runAny(connection, sql, params);
    await addWarnings(session);
    return { session, shown };
  });
  await print(session, shown);
}

/** With --write, what is no SELECT is run all the same. */
async function checkUnless(mayWrite: boolean, connection: Connection, sql: string): Promise<Select | undefined> {
  if (!mayWrite) return checkSelect(connection, sql);
  log.warn('--write: this SQL may read, change and remove whatever you can, the logs included.');
  return checkSelect(connection, sql).catch(() => undefined);
}

/**
 * Views that SQL names: some cost a pass over the logs of their own. Where the names are not known, for what is
 * no SELECT or hides them in a text, every word may be one.
 */
export function viewsFor(
  sql: string,
  select: Select | undefined,
  { views }: Catalog,
): { views: readonly SqlFile[]; text: string } {
  if (ASKS_FOR_ALL.test(sql)) return { views: withoutIdleTables(views), text: allViews(views) };
  const names = select?.names.has('query_table') ? undefined : select?.names;
  const named = views.filter(({ name }) => names?.has(name) ?? new RegExp(`\\b${name}\\b`, 'i').test(sql));
  return { views, text: `${WARNING_VIEWS}\n${allViews(named)}\n${sql}` };
}

/** What lists views has them all. */
const ASKS_FOR_ALL = /\bshow\b|\bduckdb_(views|tables|columns)\b|\binformation_schema\b/i;

export const allViews = (views: readonly SqlFile[]): string =>
  views.map(({ name, kind }) => (kind === 'function' ? `${name}()` : `from ${name}`)).join('\n');

type Params = Readonly<Record<string, string>>;

/** Runs one SELECT that was checked. */
export async function runSelect(connection: Connection, { sql, kind }: Select, params: Params): Promise<Shown> {
  if (kind === 'explain') return explain(connection, sql, params);
  await attempt(connection, `create or replace temp table result as\n${sourceOf({ sql, kind })}`, params, sql);
  return shownAs(await resultOf(connection));
}

/** What a table or a view can be made of: a statement such as DESCRIBE has rows only within a FROM. */
export const sourceOf = ({ sql, kind }: Pick<Select, 'sql' | 'kind'>): string =>
  kind === 'show' ? `from (\n${withoutEnd(sql)}\n)` : sql;

/** A plan is a drawing: people get it as it is, machines as the row that DuckDB makes of it. */
async function explain(connection: Connection, sql: string, params: Params): Promise<Shown> {
  const plans = await attempt(connection, sql, params, sql);
  await keepRows(connection, plans);
  return { ...shownAs(await resultOf(connection)), text: plans.rows.map((row) => `${row.explain_value}\n`).join('') };
}

/** Runs whatever there is; what the last statement gives is the result. */
async function runAny(connection: Connection, sql: string, params: Params): Promise<Shown> {
  await keepRows(connection, await attempt(connection, sql, params, sql));
  return shownAs(await resultOf(connection));
}

interface Rows {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly Record<string, unknown>[];
}

async function keepRows(connection: Connection, { columns, rows: records }: Rows): Promise<void> {
  // bytes are written as text, which JSON would take for the bytes themselves
  const shape = Object.fromEntries(columns.map(([name, type]) => [name, type === 'BLOB' ? 'VARCHAR' : type]));
  await rows(
    connection,
    `create or replace temp table result as select unnest(from_json($records::json, $shape), max_depth := 2)`,
    { records: JSON.stringify(records), shape: JSON.stringify([shape]) },
  );
}

async function resultOf(connection: Connection): Promise<Result> {
  const columns = (await describe(connection, 'result')).map(({ name, type }) => ({
    name,
    type,
    unit: null,
    description: null,
    isOptional: false,
  }));
  return { table: 'result', columns, totals: [], keys: [], breakdown: null };
}

const shownAs = (result: Result): Shown => ({
  name: 'query',
  result,
  parts: new Map(),
  topLevel: undefined,
  top: undefined,
});

/** Without the semicolon and the comments after it. */
const withoutEnd = (sql: string): string => sql.replace(/;(?:\s|--[^\r\n]*|\/\*[^]*?\*\/)*$/, '');

/** Runs a statement. Its error tells places in the text that the user wrote. */
async function attempt(connection: Connection, statement: string, params: Params, sql: string): Promise<Rows> {
  try {
    const reader = await connection.runAndReadAll(statement, params);
    const names = reader.deduplicatedColumnNames();
    const types = reader.columnTypes();
    return {
      columns: names.map((name, index) => [name, String(types[index])]),
      rows: reader.getRowObjectsJson() as Record<string, unknown>[],
    };
  } catch (error) {
    const { message } = statement === sql ? (error as Error) : await plainError(connection, sql, error as Error);
    // a line of our statement, unless it is the plain SQL that was tried
    const isOurs = statement !== sql && message === (error as Error).message;
    const lead = isOurs ? statement.slice(0, statement.indexOf(withoutEnd(sql))).split('\n').length - 1 : 0;
    throw asUserError(
      new Error(message.replace(/^LINE (\d+):/m, (_, line) => `LINE ${Number(line) - lead}:`)),
      'query',
    );
  }
}

async function plainError(connection: Connection, sql: string, error: Error): Promise<Error> {
  try {
    (await connection.prepare(sql)).destroySync();
    return error;
  } catch (plain) {
    return plain as Error;
  }
}
