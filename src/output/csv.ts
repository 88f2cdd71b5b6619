import { rowsInBatches } from '../database/connection.ts';
import type { Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { flatColumns, flatRows, machineValue, quoted } from './sql-text.ts';

/** Comma-separated values as in RFC 4180. With a breakdown: its rows, without those they split. */
export async function* toCsv(session: Session, result: Result): AsyncGenerator<string> {
  const columns = flatColumns(result);
  const select = columns.map(
    (column) =>
      `${column.name === result.breakdown ? 'part' : machineValue(column)}::varchar as ${quoted(column.name)}`,
  );
  yield line(columns.map(({ name }) => name));
  for await (const batch of rowsInBatches(session.connection, `select ${select.join(', ')} ${flatRows(result)}`))
    yield batch.map((row) => line(columns.map(({ name }) => row[name] as string | null))).join('');
}

const line = (values: readonly (string | null)[]): string => `${values.map(field).join(',')}\n`;

function field(value: string | null): string {
  if (value === null) return '';
  // quotes tell an empty text from a missing one
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
