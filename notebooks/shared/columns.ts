import { element, nameOf } from '../page/element.ts';
import { formatCount, formatShare, formatShort, moneyText, nameText, UNKNOWN } from '../page/format.ts';
import { exactMoney } from '../page/money.ts';
import type { TableColumn } from '../page/table.ts';

// Columns of tables: a heading, and the value that it takes from a row. Unknown values are null.

export const nameColumn = <Row>(heading: string, of: (row: Row) => string | null): TableColumn<Row> => ({
  heading,
  show: (row) => nameOf(nameText(of(row) ?? '')),
  sortBy: of,
});

/** Ids differ in their first characters; hovering shows the whole id. */
export const idColumn = <Row>(heading: string, of: (row: Row) => string): TableColumn<Row> => ({
  heading,
  show: (row) => element('span', { title: of(row) }, nameOf(nameText(of(row).slice(0, 8)))),
  sortBy: of,
});

export const moneyColumn = <Row>(
  heading: string,
  of: (row: Row) => bigint | null,
  hint = 'List price: what the API would have charged.',
): TableColumn<Row> => ({
  heading,
  hint,
  isNumber: true,
  show: (row) => moneyText(of(row)),
  sortBy: of,
  exact: (row) => {
    const cost = of(row);
    return cost === null ? undefined : exactMoney(cost);
  },
});

const numberColumn =
  (format: (value: number) => string) =>
  <Row>(heading: string, of: (row: Row) => number | null, hint?: string): TableColumn<Row> => ({
    heading,
    hint,
    isNumber: true,
    show: (row) => {
      const value = of(row);
      return value === null ? UNKNOWN : format(value);
    },
    sortBy: of,
  });

export const countColumn = numberColumn(formatCount);
export const tokensColumn = numberColumn(formatShort);
export const shareColumn = numberColumn(formatShare);
export const percentColumn = numberColumn((value) => `${formatCount(value)} %`);
