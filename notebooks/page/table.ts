import { compare } from './usage.ts';
import { element } from './element.ts';

type Sortable = string | number | bigint | null;

/** What a column shows of a row, and what it is sorted by. */
export interface TableColumn<Row> {
  readonly heading: string;
  readonly hint?: string | undefined;
  readonly isNumber?: boolean;
  readonly show: (row: Row) => Node | string;
  readonly sortBy: (row: Row) => Sortable;
  /** All digits of the cell, if it is rounded. */
  readonly exact?: ((row: Row) => string | undefined) | undefined;
}

export interface TableOptions<Row> {
  readonly caption: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** Rows that are shown before the reader asks for all. */
  readonly top?: number;
  readonly keyOf?: (row: Row) => string;
}

const LONG = 28;

interface State {
  column: number;
  isDescending: boolean;
  isWhole: boolean;
}

/** A table that is sorted by its headings, in the order given until then. */
export function drawTable<Row>(options: TableOptions<Row>): HTMLElement {
  const { rows, top = rows.length } = options;
  const state: State = { column: -1, isDescending: false, isWhole: rows.length <= top };
  const body = element('tbody');
  const heads = options.columns.map((column, index) => headCell(column, () => sort(index)));
  const more = element('button', { type: 'button', class: 'more' }, `Show all ${rows.length.toLocaleString('en-US')}`);
  const fill = (): void => {
    const sorted = state.column < 0 ? rows : sortRows(rows, options.columns[state.column]!, state.isDescending);
    body.replaceChildren(...sorted.slice(0, state.isWhole ? undefined : top).map((row) => bodyRow(options, row)));
    more.hidden = state.isWhole;
  };
  const sort = (index: number): void => {
    state.isDescending = state.column === index ? !state.isDescending : Boolean(options.columns[index]!.isNumber);
    state.column = index;
    heads.forEach((head, position) => {
      if (position === index) head.setAttribute('aria-sort', state.isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    fill();
  };
  more.addEventListener('click', () => {
    state.isWhole = true;
    fill();
  });
  fill();
  const table = element(
    'table',
    {},
    element('caption', {}, options.caption),
    element('thead', {}, element('tr', {}, ...heads)),
    body,
  );
  // a region that scrolls must be reachable by keyboard
  const scroll = element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': options.caption }, table);
  return element('div', {}, scroll, more);
}

function headCell<Row>(column: TableColumn<Row>, onClick: () => void): HTMLTableCellElement {
  const button = element('button', { type: 'button', title: column.hint }, column.heading);
  button.addEventListener('click', onClick);
  return element('th', { scope: 'col', class: column.isNumber ? 'number' : undefined }, button);
}

function bodyRow<Row>({ columns, keyOf }: TableOptions<Row>, row: Row): HTMLTableRowElement {
  const cells = columns.map((column, index) => {
    const made = element(
      index === 0 ? 'th' : 'td',
      { scope: index === 0 ? 'row' : undefined, 'data-exact': column.exact?.(row) },
      column.show(row),
    );
    if (column.isNumber) made.className = 'number';
    // short names stay in one piece, long ones may break anywhere
    else if (made.textContent.length > LONG) made.className = 'long';
    return made;
  });
  return element('tr', { 'data-key': keyOf?.(row) }, ...cells);
}

/** Sorted by a column; unknown values come last either way. */
function sortRows<Row>(rows: readonly Row[], { sortBy }: TableColumn<Row>, isDescending: boolean): Row[] {
  return [...rows].sort((a, b) => {
    const [x, y] = [sortBy(a), sortBy(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = compare(x as string, y as string);
    return isDescending ? -order : order;
  });
}
