import type { Cell, Column } from './data.ts';
import { exactMoney, formatMoney, parseMoney } from './money.ts';

export const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const some = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  maximumFractionDigits: 2,
});

export const formatCount = (value: number): string => whole.format(value);
export const formatShort = (value: number): string => short.format(value);
export const formatAxisMoney = (value: number): string => dollars.format(value);

/** A share as percent: never 0 for something, never 100 for less than all. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return UNKNOWN;
  if (share === 0) return '0 %';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  const digits = share < 0.1 ? 1 : 0;
  return `${(share < 1 ? Math.min(share * 100, 100 - 1 / 10 ** digits) : share * 100).toFixed(digits)} %`;
}

export const isMoney = ({ type, unit }: Column): boolean => unit?.startsWith('USD') === true && type.startsWith('DEC');

export const isNumber = ({ type }: Column): boolean =>
  /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL|DOUBLE|FLOAT)/.test(type);

/** A cell as people read it. */
export function formatCell(column: Column, cell: Cell): string {
  if (cell === null || cell === '') return UNKNOWN;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'object') return cell.map(plainText).join(', ') || UNKNOWN;
  if (isMoney(column)) return formatMoney(parseMoney(String(cell)));
  if (column.unit === '%') return `${some.format(Number(cell))} %`;
  if (column.unit === 'tokens') return formatShort(Number(cell));
  if (isNumber(column)) return some.format(Number(cell));
  if (column.type.startsWith('TIMESTAMP')) return String(cell).replace('T', ' ').slice(0, 16);
  return plainText(String(cell));
}

/** All digits of an amount, for comparisons. */
export const exactCell = (column: Column, cell: Cell): string | undefined =>
  isMoney(column) && cell !== null ? exactMoney(parseMoney(String(cell))) : undefined;

/** A name must not be able to change the direction of the text around it. */
export const plainText = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** cache_read_tokens as cache read. */
export const heading = ({ name, unit }: Column): string =>
  (unit === 'tokens' ? name.replace(/_tokens$/, '') : name).replaceAll('_', ' ');

/** A name, which may be unknown. */
export const nameText = (name: string): string => plainText(name) || UNKNOWN;

/** A cost that may be unknown. */
export const moneyText = (cost: bigint | null): string => (cost === null ? UNKNOWN : formatMoney(cost));
