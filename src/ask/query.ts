import type { Catalog } from '../catalog/catalog.ts';
import { joinNames } from '../catalog/reads.ts';
import { checkSelect, type Select } from '../database/checked-select.ts';
import { openDatabase, rows, type Connection } from '../database/connection.ts';
import { withLimits } from '../database/limits.ts';
import { QueryError } from '../errors.ts';
import { log } from '../log.ts';
import { print, type Shown } from '../output/render.ts';
import { printable } from '../printable.ts';
import type { Values } from '../request/arguments.ts';
import { readMemoryLimit, readQueryParams, readTimeout } from '../request/query-options.ts';
import { readRequest, type Request } from '../request/request.ts';
import { describe, type Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { open } from './open.ts';
import { addWarnings, WARNING_NAMES } from './warnings.ts';

/** Runs the user's SQL over the views, and prints the result. */
export async function runUserQuery(sql: string, values: Values, catalog: Catalog): Promise<void> {
  const request = { ...readRequest(values, catalog), params: readQueryParams(values) };
  const limits = { seconds: readTimeout(values), memory: readMemoryLimit(values) };
  const connection = await openDatabase(limits.memory);
  const ask = values.write ? askFreely : askSelect;
  await withLimits(connection, limits, async () => {
    const { session, shown } = await ask(connection, request, sql);
    await addWarnings(session);
    await print(session, shown);
  });
}

interface Answered {
  readonly session: Session;
  readonly shown: Shown;
}

/** One SELECT that can only read. */
async function askSelect(
  connection: Connection,
  request: Request & { params: Params },
  sql: string,
): Promise<Answered> {
  const statements = [{ sql, what: 'query' }];
  const { session, selects } = await open(connection, request, { names: WARNING_NAMES, statements, isLocked: true });
  return { session, shown: await runSelect(connection, selects[0]!, request.params) };
}

/** Any statement. Anything but a SELECT may read every view. */
async function askFreely(
  connection: Connection,
  request: Request & { params: Params },
  sql: string,
): Promise<Answered> {
  log.warn('--write: this SQL may read, change and delete anything that you can, including the logs.');
  const select = await checkSelect(connection, sql).catch(() => undefined);
  const names = joinNames([WARNING_NAMES, ...(select ? [select.names] : [])]);
  const { session } = await open(connection, request, { names, hasAll: !select || names.isOpen });
  const shown = await (select
    ? runSelect(connection, select, request.params)
    : runAny(connection, sql, request.params));
  return { session, shown };
}

type Params = Readonly<Record<string, string>>;

/** Runs one checked SELECT. */
export async function runSelect(connection: Connection, { sql, kind }: Select, params: Params): Promise<Shown> {
  if (kind === 'explain') return runExplain(connection, sql, params);
  await runTold(connection, `create or replace temp table result as\n${sourceOf({ sql, kind })}`, params, sql);
  return shownAs(await resultOf(connection));
}

/** The source of a table or view: a statement such as DESCRIBE gives rows only within a FROM. */
export const sourceOf = ({ sql, kind }: Pick<Select, 'sql' | 'kind'>): string =>
  kind === 'show' ? `from (\n${withoutEnd(sql)}\n)` : sql;

/** A plan is a drawing: people get it as it is, machines get the row that DuckDB returns. */
async function runExplain(connection: Connection, sql: string, params: Params): Promise<Shown> {
  const plans = await runTold(connection, sql, params, sql);
  await keepRows(connection, plans);
  return {
    ...shownAs(await resultOf(connection)),
    text: plans.rows.map((row) => drawing(String(row.explain_value))).join(''),
  };
}

/** A plan holds texts of the SQL. */
const drawing = (plan: string): string =>
  plan
    .split('\n')
    .map((line) => `${printable(line)}\n`)
    .join('');

/** Runs whatever there is; what the last statement gives is the result. */
async function runAny(connection: Connection, sql: string, params: Params): Promise<Shown> {
  await keepRows(connection, await runTold(connection, sql, params, sql));
  return shownAs(await resultOf(connection));
}

interface Queried {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly Record<string, unknown>[];
}

async function keepRows(connection: Connection, { columns, rows: records }: Queried): Promise<void> {
  // bytes arrive as text, which a BLOB column would take for the bytes themselves
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

/** Runs a statement. Its errors give positions in the user's own text. */
async function runTold(connection: Connection, statement: string, params: Params, sql: string): Promise<Queried> {
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
    // the line is one of our statement, unless the error is from the plain SQL
    const isOurs = statement !== sql && message === (error as Error).message;
    const lead = isOurs ? statement.slice(0, statement.indexOf(withoutEnd(sql))).split('\n').length - 1 : 0;
    throw new QueryError(
      'query',
      message.replace(/^LINE (\d+):/m, (_, line) => `LINE ${Number(line) - lead}:`),
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
