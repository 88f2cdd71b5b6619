import type { SqlFile } from '../catalog/sql-file.ts';
import { neededViews, viewsIn } from '../catalog/reads.ts';
import type { Connection } from '../database/connection.ts';
import type { Names } from '../database/names.ts';
import { QueryError } from '../errors.ts';
import { FACT_TABLES } from '../facts/facts.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';

/** The statement that creates a view, a table with its rows, or a macro. */
export function createStatement({ kind, name, macroParams, sql }: SqlFile, how = ''): string {
  const head = {
    view: `view ${name} as`,
    table: `table ${name} as`,
    macro: `macro ${name}(${macroParams}) as table`,
    function: `macro ${name}(${macroParams}) as`,
  };
  // a function is an expression, not a subquery of each row, which takes twice as long
  const body = kind === 'function' ? `(${sql.replace(/^select\b/, '')})` : sql;
  return `create ${how}${head[kind]}\n${body}`;
}

/** Whether a table waits for what TypeScript finds. Prices, for instance, do not. */
export const isFilledLater = (file: SqlFile, views: readonly SqlFile[]): boolean =>
  file.kind === 'table' &&
  neededViews(views, [file.name]).some(({ names }) => names.tables.some((table) => Object.hasOwn(FACT_TABLES, table)));

/** Creates views, and tables with their rows, that take the place of those that are shipped: one after the other. */
export async function createInPlace(
  connection: Connection,
  files: readonly SqlFile[],
  views: readonly SqlFile[],
): Promise<void> {
  for (const file of files) await runOfFile(connection, file, createStatement(file, 'temp '), views);
}

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
