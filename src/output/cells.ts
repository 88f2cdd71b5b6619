import { withCommas } from '../counted.ts';
import { unitOf } from '../catalog/unit.ts';
import { rows, rowsInBatches, type Connection, type Row } from '../database/connection.ts';
import { printable } from '../printable.ts';
import type { Result, ResultColumn } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { sumOf } from './json.ts';
import { quoted } from './sql-text.ts';

export const UNKNOWN = '–';

/** A row as people read it: one text per cell. */
export interface Line {
  readonly isPart: boolean;
  readonly cells: readonly (string | null)[];
}

/** A result as people read it. */
export interface Cells {
  readonly columns: readonly ResultColumn[];
  readonly lines: readonly Line[];
  readonly totals: readonly (string | null)[] | null;
}

/** Characters of a cell in a table: measuring more takes too long. */
const MOST_TEXT = 10_000;

/** Reads the first rows as text, for a table. Rounding is DuckDB's. */
export async function readCells({ connection }: Session, result: Result, limit: number): Promise<Cells> {
  const first = await rows(connection, `${cellSelect(result)} limit ${limit}`);
  return {
    columns: result.columns,
    lines: first.map((row) => shorten(lineOf(row, result))),
    totals: first.length > 0 ? await readTotals(connection, result) : null,
  };
}

const shorten = ({ isPart, cells }: Line): Line => ({
  isPart,
  cells: cells.map((cell) => (cell && cell.length > MOST_TEXT ? `${cell.slice(0, MOST_TEXT)}…` : cell)),
});

/** Reads all rows as text, some thousands at a time. */
export async function* readLines({ connection }: Session, result: Result): AsyncGenerator<Line[]> {
  for await (const batch of rowsInBatches(connection, cellSelect(result)))
    yield batch.map((row) => lineOf(row, result));
}

function cellSelect(result: Result): string {
  const select = result.columns.map((column, index) => `${display(column, quoted(column.name))} as c${index}`);
  return `select ${select.join(', ')}${result.breakdown ? ', is_part, part' : ''} from ${result.table}`;
}

const lineOf = (row: Row, { columns }: Result): Line => ({
  isPart: Boolean(row.is_part),
  cells: columns.map((_, index) =>
    row.is_part && index === 0 ? `  ${row.part ?? UNKNOWN}` : (row[`c${index}`] as string | null),
  ),
});

/** Null where nothing is summed. */
export async function readTotals(connection: Connection, result: Result): Promise<(string | null)[] | null> {
  if (result.totals.length === 0) return null;
  const select = result.columns.map((column, index) =>
    result.totals.includes(column.name)
      ? `${display(column, sumOf(result, column.name))} as c${index}`
      : `'' as c${index}`,
  );
  const [line] = await rows(
    connection,
    `select ${select.join(', ')} from ${result.table} ${result.breakdown ? 'where not is_part' : ''}`,
  );
  const cells = result.columns.map((_, index) => line![`c${index}`] as string | null);
  return ['total', ...cells.slice(1)];
}

/** SQL for the text of a cell. Less than a cent shows its first digits instead of 0.00. */
function display(column: ResultColumn, value: string): string {
  const { digits } = unitOf(column.unit);
  if (digits === 'cents') {
    return `case when abs(${value}) < 0.01 and ${value} <> 0 then (${value})::decimal(38, 6)::varchar else (${value})::decimal(38, 2)::varchar end`;
  }
  if (digits === 'all') return `regexp_replace((${value})::varchar, '(\\.[0-9]*[1-9])0+$|\\.0+$', '\\1')`;
  if (column.type === 'TIMESTAMP WITH TIME ZONE')
    return `coalesce(try(strftime(${value}, '%Y-%m-%d %H:%M')), ${value}::varchar)`;
  return `(${value})::varchar`;
}

export const isNumeric = ({ type }: ResultColumn): boolean =>
  /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|DOUBLE|FLOAT)$/.test(type);

let short: Intl.NumberFormat | undefined;

/** Thousands with commas, dollars with their sign; whole numbers in short form where space is short. */
export function formatCell(column: ResultColumn, cell: string | null, isShort: boolean): string {
  if (cell === null) return UNKNOWN;
  if (cell === '') return '';
  if (unitOf(column.unit).isMoney) return `$${decimalWithCommas(cell)}`.replace('$-', '-$');
  if (isNumeric(column) && /^-?\d+$/.test(cell))
    return isShort && column.unit ? inShort(BigInt(cell)) : withCommas(BigInt(cell));
  return printable(cell);
}

function inShort(value: bigint): string {
  short ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return short.format(value);
}

function decimalWithCommas(decimal: string): string {
  const [whole, fraction] = decimal.split('.');
  return `${whole!.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction ? `.${fraction}` : ''}`;
}

/** input_tokens is shown as input, cache_read_tokens as cache read. */
export function heading({ name, unit }: ResultColumn): string {
  return printable((unit === 'tokens' ? name.replace(/_tokens$/, '') : name).replaceAll('_', ' '));
}
