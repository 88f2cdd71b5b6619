import { rows } from '../database.ts';
import type { Result, ResultColumn } from '../result.ts';
import type { Session } from '../session.ts';
import { machineValue, quoted } from './sql.ts';

/** Comma-separated values as in RFC 4180. With a breakdown: its rows, without those they split. */
export async function toCsv(session: Session, result: Result): Promise<string> {
  const columns = result.breakdown ? withPart(result) : result.columns;
  const select = columns.map(
    (column) =>
      `${column.name === result.breakdown ? 'part' : machineValue(column)}::varchar as ${quoted(column.name)}`,
  );
  const lines = await rows(
    session.connection,
    `select ${select.join(', ')} from ${result.table} ${result.breakdown ? 'where is_part' : ''} order by rowid`,
  );
  const body = lines.map((line) => columns.map(({ name }) => field(line[name] as string | null)).join(','));
  return [columns.map(({ name }) => field(name)).join(','), ...body].map((line) => `${line}\n`).join('');
}

function withPart(result: Result): ResultColumn[] {
  const part = { name: result.breakdown!, type: 'VARCHAR', unit: null, description: null, isOptional: false };
  const firstSum = result.columns.findIndex((column) => column.unit);
  return [...result.columns.slice(0, firstSum), part, ...result.columns.slice(firstSum)];
}

function field(value: string | null): string {
  if (value === null) return '';
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
