import { withCommas } from '../counted.ts';
import { unitOf } from '../catalog/unit.ts';
import { rows } from '../database/connection.ts';
import { printable } from '../printable.ts';
import type { Result, ResultColumn } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { sumOf } from './json.ts';
import { quoted } from './sql-text.ts';

export const UNKNOWN = '–';

/** A result as people read it: one text per cell. */
export interface Cells {
  readonly columns: readonly ResultColumn[];
  readonly lines: readonly { readonly isPart: boolean; readonly cells: readonly (string | null)[] }[];
  readonly totals: readonly (string | null)[] | null;
}

/** Reads the rows as text; with a limit, the first ones only. Rounding is DuckDB's. */
export async function readCells({ connection }: Session, result: Result, limit: number | undefined): Promise<Cells> {
  const select = result.columns.map((column, index) => `${display(column, quoted(column.name))} as c${index}`);
  const split = result.breakdown ? ', is_part, part' : '';
  const lines = await rows(
    connection,
    `select ${select.join(', ')}${split} from ${result.table} ${limit ? `limit ${limit}` : ''}`,
  );
  return {
    columns: result.columns,
    lines: lines.map((line) => ({
      isPart: Boolean(line.is_part),
      cells: result.columns.map((_, index) =>
        line.is_part && index === 0 ? `  ${line.part ?? UNKNOWN}` : (line[`c${index}`] as string | null),
      ),
    })),
    totals: lines.length > 0 && result.totals.length > 0 ? await readTotals(connection, result) : null,
  };
}

async function readTotals(connection: Session['connection'], result: Result): Promise<(string | null)[]> {
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
  if (column.type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${value}, '%Y-%m-%d %H:%M')`;
  return `(${value})::varchar`;
}

export const isNumeric = ({ type }: ResultColumn): boolean =>
  /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(.*\)|DOUBLE|FLOAT)$/.test(type);

const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** Thousands with commas, dollars with their sign; whole numbers in short form where space is short. */
export function formatCell(column: ResultColumn, cell: string | null, isShort: boolean): string {
  if (cell === null) return UNKNOWN;
  if (cell === '') return '';
  if (unitOf(column.unit).isMoney) return `$${decimalWithCommas(cell)}`.replace('$-', '-$');
  if (isNumeric(column) && /^-?\d+$/.test(cell))
    return isShort && column.unit ? short.format(BigInt(cell)) : withCommas(BigInt(cell));
  return printable(cell);
}

function decimalWithCommas(decimal: string): string {
  const [whole, fraction] = decimal.split('.');
  return `${whole!.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction ? `.${fraction}` : ''}`;
}

/** input_tokens is shown as input, cache_read_tokens as cache read. */
export function heading({ name, unit }: ResultColumn): string {
  return (unit === 'tokens' ? name.replace(/_tokens$/, '') : name).replaceAll('_', ' ');
}
