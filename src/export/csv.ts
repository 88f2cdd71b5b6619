import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { isNumeric } from '../output/cells.ts';
import { literal, machineValue } from '../output/sql-text.ts';
import type { ResultColumn } from '../session/result.ts';
import { copy, selectAs, type Writer } from './rows.ts';

/** Comma-separated values as in RFC 4180, as --format csv prints them. */
export const writeCsv: Writer = (rows, path) => copy(rows, selectAs(rows, machineValue), path, 'format csv, header');

const BYTE_ORDER_MARK = '\ufeff';

/** The same for spreadsheets: they need the mark to read UTF-8, and take some texts for formulas. */
export const writeExcelCsv: Writer = async (rows, path) => {
  const guarded = { ...rows, columns: rows.columns.map((column) => ({ ...column, name: guard(column.name) })) };
  const values = new Map(rows.columns.map((column, index) => [guarded.columns[index], excelValue(column)]));
  const plain = join(temporaryFolder(), 'export.csv');
  const select = selectAs(guarded, (column) => values.get(column)!);
  const count = await copy(rows, select, plain, `format csv, header, new_line '\\r\\n'`);
  await pipeline(async function* () {
    yield BYTE_ORDER_MARK;
    yield* createReadStream(plain);
  }, createWriteStream(path));
  return count;
};

/** What makes a spreadsheet run a text that begins with it. */
const FORMULA = '[=+\\-@\\t\\r]';

const guard = (name: string): string => (new RegExp(`^${FORMULA}`).test(name) ? `'${name}` : name);

/** Whatever is written as text can be a formula, except a negative number. */
function excelValue(column: ResultColumn): string {
  if (isNumeric(column)) return machineValue(column);
  const value = `(${machineValue(column)})::varchar`;
  return `if(regexp_matches(${value}, ${literal(`^${FORMULA}`)}), '''' || ${value}, ${value})`;
}
