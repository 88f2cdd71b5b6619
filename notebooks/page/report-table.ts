import { cellOf, type Cell, type Column, type Table } from './data.ts';
import { element, nameOf } from './element.ts';
import { exactCell, formatCell, heading, isMoney, isNumber } from './format.ts';
import { parseMoney } from './money.ts';
import { drawTable, type TableColumn } from './table.ts';

/** Rows of a report as they are, without columns that are empty. */
export function drawReport(caption: string, table: Table, rows: readonly number[], top: number): HTMLElement {
  const columns = table.columns.filter(({ name }) => rows.some((row) => says(cellOf(table, name, row), name)));
  return drawTable({ caption, top, rows, columns: columns.map((column) => tableColumn(table, column)) });
}

const says = (cell: Cell, name: string): boolean =>
  cell !== null && cell !== '' && cell !== false && !(name === 'unpriced_responses' && cell === 0);

function tableColumn(table: Table, column: Column): TableColumn<number> {
  const cell = (row: number): Cell => cellOf(table, column.name, row);
  return {
    heading: column.name === 'unpriced_responses' ? 'no price' : heading(column),
    hint: column.description ?? undefined,
    isNumber: isNumber(column),
    show: (row) => showCell(column, cell(row)),
    sortBy: (row) => sortValue(column, cell(row)),
    exact: isMoney(column) ? (row) => exactCell(column, cell(row)) : undefined,
  };
}

/** Ids differ in their first characters; hovering shows the whole id. */
function showCell(column: Column, cell: Cell): Node | string {
  const text = formatCell(column, cell);
  if (column.name === 'unpriced_responses' && cell === 0) return '';
  if (isNumber(column)) return text;
  if (/session(_id)?$/.test(column.name) && text.length > 12)
    return element('span', { title: text }, nameOf(text.slice(0, 8)));
  return nameOf(text);
}

function sortValue(column: Column, cell: Cell): string | number | bigint | null {
  if (cell === null) return null;
  if (isMoney(column)) return parseMoney(String(cell));
  return isNumber(column) ? Number(cell) : String(cell);
}

/** A message in place of an empty table. */
export const nothing = (text: string): HTMLElement => element('p', { class: 'quiet' }, text);
