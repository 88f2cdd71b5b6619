import { rows, type Connection } from '../database/connection.ts';
import { variableStatements, type Variable } from '../database/variables.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';
import { EMPTY_FILE } from './side-files.ts';

/** Most bytes of a log line on the first try. DuckDB accepts twice as many. */
const LINE_LIMIT = 4 * 2 ** 20;
/** Most bytes of a log line on the second try, again half of what DuckDB accepts. */
const LAST_LINE_LIMIT = 128 * 2 ** 20;

/** What the sources read before the logs are known: nothing. A list without any file would be an error. */
export const NO_LOG_LISTS: Readonly<Record<string, Variable>> = {
  ...Object.fromEntries(SOURCES.map(({ name }) => [pathsVariable(name), [[EMPTY_FILE], 'varchar[]'] as const])),
  reads_repaired: [false, 'boolean'],
  maximum_object_size: [LINE_LIMIT, 'bigint'],
};

/** Set the lists of files that the sources read, as read_files has them then. */
export const LIST_STATEMENTS = SOURCES.map(
  ({ name }) => `set variable ${pathsVariable(name)} = (
  select coalesce(list(pattern order by file_index), [getvariable('empty_file')])
  from read_files
  where source = '${name}'
)`,
);

export async function listLogs(connection: Connection): Promise<void> {
  await connection.run(LIST_STATEMENTS.join(';\n'));
}

/** From now on the sources read copies of repaired lines, or the logs themselves. */
export async function listRepaired(connection: Connection, areRead: boolean): Promise<void> {
  await connection.run(variableStatements({ reads_repaired: [areRead, 'boolean'] }).join(';\n'));
  await listLogs(connection);
}

/** Raises the limit on the length of a line. False if that was done already. */
export async function readLongLines(connection: Connection): Promise<boolean> {
  const [row] = await rows(connection, `select getvariable('maximum_object_size') as bytes`);
  if (row!.bytes === LAST_LINE_LIMIT) return false;
  await connection.run(`set variable maximum_object_size = ${LAST_LINE_LIMIT}`);
  return true;
}
