import type { SqlFile } from '../catalog/sql-file.ts';
import { neededViews, viewsIn } from '../catalog/reads.ts';
import type { Connection } from '../database/connection.ts';
import type { Names } from '../database/names.ts';
import { QueryError } from '../errors.ts';
import { FACT_TABLES } from '../facts/facts.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';

/** The statement that creates a view, a table with its rows, or a macro. All are temporary: they leave nothing behind. */
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

/** The same, but the rows of a table come later: whatever reads it can be created before it is filled. */
const registerStatement = (file: SqlFile, views: readonly SqlFile[]): string =>
  isFilledLater(file, views) ? `${createStatement(file)}\nwith no data` : createStatement(file);

/** Whether a table waits for what TypeScript finds. Prices, for instance, do not. */
export const isFilledLater = (file: SqlFile, views: readonly SqlFile[]): boolean =>
  file.kind === 'table' &&
  neededViews(views, [file.name]).some(({ names }) => names.tables.some((table) => Object.hasOwn(FACT_TABLES, table)));

/** Runs statements, then creates views, macros and tables, each after what it reads: all in one call. */
export async function registerViews(
  connection: Connection,
  statements: readonly string[],
  views: readonly SqlFile[],
): Promise<void> {
  const creating = views.map((view) => registerStatement(view, views));
  try {
    await connection.run([...statements, 'begin', ...creating, 'commit'].join(';\n'));
  } catch {
    await connection.run('rollback');
    // one by one, to tell which it is
    for (const [index, view] of views.entries()) await runOfFile(connection, view, creating[index]!, views);
  }
}

/** Fills tables, one after the other. */
export async function fillTables(
  connection: Connection,
  tables: readonly SqlFile[],
  views: readonly SqlFile[],
): Promise<void> {
  for (const table of tables) await fillTable(connection, table, views);
}

/** Adds to a table what its SQL gives now. */
export const fillTable = (connection: Connection, file: SqlFile, views: readonly SqlFile[]): Promise<void> =>
  runOfFile(connection, file, `insert into ${file.name} by name\n${file.sql}`, views);

async function runOfFile(
  connection: Connection,
  file: SqlFile,
  statement: string,
  views: readonly SqlFile[],
): Promise<void> {
  try {
    await connection.run(statement);
  } catch (error) {
    throw new QueryError(file.path, (error as Error).message, openedVariables(file.names, views));
  }
}

/** Variables that running SQL reads, itself or through views. */
const openedVariables = (names: Names, views: readonly SqlFile[]): string[] => [
  ...names.variables,
  ...viewsIn(names, views).flatMap((view) => (view.kind === 'table' ? [] : openedVariables(view.names, views))),
];

const LISTS_OF_LOGS = SOURCES.map(({ name }) => pathsVariable(name));

const readsLogFiles = ({ variables }: Names): boolean => variables.some((name) => LISTS_OF_LOGS.includes(name));

/** Whether running SQL, or filling a table with it, opens log files. Tables that it reads are filled already. */
export const opensLogFiles = (names: Names, views: readonly SqlFile[]): boolean =>
  openedVariables(names, views).some((name) => LISTS_OF_LOGS.includes(name));

/** Whether SQL reads logs for more than what the archive keeps of them, so that the archive cannot replace them. */
export function readsMoreThanArchived(names: Names, views: readonly SqlFile[]): boolean {
  const others = views.filter(({ isArchived }) => !isArchived);
  const asked = viewsIn(names, others).map(({ name }) => name);
  return readsLogFiles(names) || neededViews(others, asked).some((view) => readsLogFiles(view.names));
}
