import type { Connection } from './connection.ts';

/** Columns of a table and their SQL types. */
export type Columns = Readonly<Record<string, string>>;

/** The statement that creates an empty table. */
export const emptyTable = (table: string, columns: Columns, how = ''): string =>
  `create ${how}table ${table} (${Object.entries(columns)
    .map(([name, type]) => `"${name}" ${type}`)
    .join(', ')})`;

/** Adds records to a table, with the columns given. */
export async function insertRecords(
  connection: Connection,
  table: string,
  records: readonly object[],
  columns: Columns,
): Promise<void> {
  if (records.length === 0) return;
  const names = Object.keys(columns);
  const lists = names.map((name) => `unnest(from_json($${name}::json, '["${columns[name]}"]'))`);
  const values = names.map((name) => [
    name,
    JSON.stringify((records as readonly Readonly<Record<string, unknown>>[]).map((record) => record[name] ?? null)),
  ]);
  await connection.run(
    `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) select ${lists.join(', ')}`,
    Object.fromEntries(values) as Record<string, string>,
  );
}

/** The same for records that are JSON already: numbers keep their digits. */
export async function insertJson(
  connection: Connection,
  table: string,
  records: readonly string[],
  columns: Columns,
): Promise<void> {
  if (records.length === 0) return;
  await connection.run(
    `insert into ${table} by name select unnest(from_json($records::json, $shape), max_depth := 2)`,
    { records: `[${records.join(',')}]`, shape: JSON.stringify([columns]) },
  );
}
