import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { writeXlsxStream, XLSX_MAX_ROWS_PER_SHEET } from 'hucre/xlsx';
import { unitOf } from '../catalog/unit.ts';
import { ClawtraceError } from '../errors.ts';
import { quoted } from '../output/sql-text.ts';
import type { ResultColumn } from '../session/result.ts';
import { checked, plainValue, spool, type Spool, type Writer } from './rows.ts';

/** A workbook of one sheet. Excel knows no zones: times are in UTC, and their headers say so. */
export const writeXlsx: Writer = async (rows, path) => {
  const spooled = await spool(rows, xlsxValue);
  if (spooled.count >= XLSX_MAX_ROWS_PER_SHEET) {
    throw new ClawtraceError(
      `a sheet has room for ${XLSX_MAX_ROWS_PER_SHEET - 1} rows, but there are ${spooled.count}. Use .csv or .parquet.`,
    );
  }
  const kinds = rows.columns.map(kindOf);
  const sheet = writeXlsxStream(cells(spooled, kinds), {
    name: 'clawtrace',
    columns: rows.columns.map((column, index) => ({
      header: kinds[index] === 'time' ? `${column.name} (UTC)` : column.name,
      width: Math.max(12, column.name.length + 2, kinds[index] === 'time' ? 20 : 0),
      ...formatOf(column, kinds[index]!),
    })),
    freezePane: { rows: 1 },
  });
  await pipeline(Readable.fromWeb(sheet as ReadableStream), createWriteStream(path));
  return spooled.count;
};

type Kind = 'time' | 'day' | 'number' | 'whole' | 'other';

function kindOf({ type }: ResultColumn): Kind {
  if (/^TIMESTAMP(_\w+| WITH TIME ZONE)?$/.test(type)) return 'time';
  if (type === 'DATE') return 'day';
  if (/^(DECIMAL\(.*\)|DOUBLE|FLOAT)$/.test(type)) return 'number';
  return /^\w*INT(EGER)?$/.test(type) ? 'whole' : 'other';
}

function xlsxValue(column: ResultColumn): string {
  const value = quoted(column.name);
  switch (kindOf(column)) {
    case 'time':
      return `strftime(${inUtc(column)}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
    case 'number':
      return `${value}::double`;
    case 'day':
    case 'whole':
      return `${value}::varchar`;
    case 'other':
      return plainValue(column);
  }
}

const inUtc = ({ name, type }: ResultColumn): string =>
  type === 'TIMESTAMP WITH TIME ZONE' ? `${quoted(name)} at time zone 'UTC'` : `${quoted(name)}::timestamp`;

function formatOf({ unit }: ResultColumn, kind: Kind): { numFmt?: string } {
  if (kind === 'time') return { numFmt: 'yyyy-mm-dd hh:mm:ss' };
  if (kind === 'day') return { numFmt: 'yyyy-mm-dd' };
  if (unitOf(unit).isMoney) return { numFmt: '$#,##0.00####' };
  return kind === 'whole' && unit ? { numFmt: '#,##0' } : {};
}

async function* cells(spooled: Spool, kinds: readonly Kind[]): AsyncGenerator<Cell[]> {
  const { connection, columns } = spooled.rows;
  for await (const chunk of checked(spooled, await connection.stream(`from ${spooled.file}`))) {
    const vectors = kinds.map((_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < chunk.rowCount; row++) {
      yield kinds.map((kind, index) => cell(vectors[index]!.getItem(row) as Value, kind, columns[index]!));
    }
  }
}

type Value = string | number | boolean | null;
type Cell = Value | Date;

/** Days that Excel handles correctly: not before March 1900, and no years of more than four digits. */
const DAY = /^(19(?!00-0[12])|[2-9]\d)\d\d-\d\d-\d\d(T|$)/;
/** Excel keeps only the first 15 digits. */
const WHOLE = /^-?\d{1,15}$/;
const LONGEST_TEXT = 32_767;

function cell(value: Value, kind: Kind, { name }: ResultColumn): Cell {
  if (value === null) return null;
  if (kind === 'time' || kind === 'day') return DAY.test(value as string) ? new Date(value as string) : value;
  if (kind === 'whole') return WHOLE.test(value as string) ? Number(value) : value;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    throw new ClawtraceError(
      `a cell has room for ${LONGEST_TEXT} characters, and a text of ${name} has more. Use .csv.`,
    );
  return value;
}
