import type { SqlFile } from '../catalog/sql-file.ts';
import { rows, type Connection } from '../database/connection.ts';
import { unitOf } from '../catalog/unit.ts';
import { ClawtraceError, QueryError } from '../errors.ts';
import type { Session } from './session.ts';

/** A column of a result, with what its header says about it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly isOptional: boolean;
  readonly needsValue?: boolean;
}

/**
 * Rows that stay in the database, as a temporary table: renderers ask it for text. DuckDB gives the rows of a table in
 * their order; rowid would too, but SQL of the user may have a column of that name.
 */
export interface Result {
  readonly table: string;
  readonly columns: readonly ResultColumn[];
  readonly totals: readonly string[];
  /** Columns that a row has in common with the rows that split it. */
  readonly keys: readonly string[];
  /** The dimension that --breakdown split the rows by. Its rows have is_part set. */
  readonly breakdown: string | null;
}

/** A column that draws a shape with text, for people; machines get the figures behind it. */
export const isShape = ({ unit }: ResultColumn): boolean => Boolean(unitOf(unit).isShape);

/** The result as machines read it. */
export const withoutShapes = (result: Result): Result => ({
  ...result,
  columns: result.columns.filter((column) => !isShape(column)),
});

/** Columns of usage_by that carry a breakdown; renderers nest it, so they are no columns of the report. */
const BREAKDOWN_COLUMNS = ['part', 'is_part'];

/** Runs the SQL of a file and keeps its rows, in their order, as a temporary table. */
export async function runIntoTable(session: Session, file: SqlFile, table: string): Promise<Result> {
  await runStatement(session.connection, `create or replace temp table ${table} as\n${file.sql}`, file.path);
  const described = await describe(session.connection, table);
  const canSplit = described.some(({ name }) => name === 'is_part');
  const known = new Map(file.columns.map((column) => [column.name, column]));
  const columns = described
    .filter(({ name }) => !canSplit || !BREAKDOWN_COLUMNS.includes(name))
    .map(({ name, type }) => {
      const header = known.get(name);
      return {
        name,
        type,
        unit: header?.unit ?? null,
        description: header?.description ?? null,
        isOptional: header?.isOptional ?? false,
        needsValue: header?.needsValue ?? false,
      };
    });
  const totals = file.totals.filter((total) => columns.some(({ name }) => name === total));
  const missing = file.keys.find((key) => !columns.some(({ name }) => name === key));
  if (missing !== undefined)
    throw new ClawtraceError(`${file.path}: @key names '${missing}', which the SQL does not select.`);
  if (canSplit && file.keys.length === 0)
    throw new ClawtraceError(
      `${file.path}: --breakdown could split its rows: add '@key a, b' with the columns that tell one row from another, or leave the parts out with 'where not is_part'.`,
    );
  return { table, columns, totals, keys: file.keys, breakdown: canSplit ? session.request.breakdown : null };
}

/** Runs a statement. What it is stands in the error. */
export async function runStatement(connection: Connection, sql: string, what: string): Promise<void> {
  try {
    await connection.run(sql);
  } catch (error) {
    throw new QueryError(what, (error as Error).message);
  }
}

export async function describe(connection: Connection, table: string): Promise<{ name: string; type: string }[]> {
  return (await rows(connection, `select column_name as name, column_type as type from (describe ${table})`)) as {
    name: string;
    type: string;
  }[];
}
