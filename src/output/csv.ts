import { rows } from '../database/connection.ts';
import type { Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { flatColumns, flatRows, machineValue, quoted } from './sql-text.ts';

/** Comma-separated values as in RFC 4180. With a breakdown: its rows, without those they split. */
export async function toCsv(session: Session, result: Result): Promise<string> {
  const columns = flatColumns(result);
  const select = columns.map(
    (column) =>
      `${column.name === result.breakdown ? 'part' : machineValue(column)}::varchar as ${quoted(column.name)}`,
  );
  const lines = await rows(session.connection, `select ${select.join(', ')} ${flatRows(result)}`);
  const body = lines.map((line) => columns.map(({ name }) => field(line[name] as string | null)).join(','));
  return [columns.map(({ name }) => field(name)).join(','), ...body].map((line) => `${line}\n`).join('');
}

function field(value: string | null): string {
  if (value === null) return '';
  // quotes tell an empty text from a missing one
  return value === '' || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
