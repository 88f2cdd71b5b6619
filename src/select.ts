import { rows, type Connection } from './database.ts';
import { ClawtraceError } from './errors.ts';

/** Refuses anything but one SELECT. DuckDB's own parser decides: it can only serialize a SELECT. */
export async function checkSelect(connection: Connection, sql: string): Promise<void> {
  const [row] = await rows(connection, 'select json_serialize_sql($sql::varchar) as tree', { sql });
  const tree = JSON.parse(row!.tree as string) as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: unknown[];
  };
  if (tree.error)
    throw new ClawtraceError(
      tree.error_type === 'parser'
        ? `query: ${tree.error_message}`
        : 'query takes one SELECT: it reads, and changes nothing.',
    );
  if (tree.statements?.length !== 1) throw new ClawtraceError('query takes one SELECT at a time.');
}
