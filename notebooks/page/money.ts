/** Most decimal places of a cost. */
export const DIGITS = 12;
const ONE = 10n ** BigInt(DIGITS);
const CENT = ONE / 100n;

/** A decimal as it was computed, to the last digit, as a whole number of the smallest part. */
export function parseMoney(text: string): bigint {
  const isNegative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (isNegative ? text.slice(1) : text).split('.');
  const value = BigInt(whole) * ONE + BigInt(fraction.slice(0, DIGITS).padEnd(DIGITS, '0'));
  return isNegative ? -value : value;
}

/** All its digits, as the reports' JSON has them, without zeros at the end. */
export function exactMoney(value: bigint): string {
  const { sign, whole, fraction } = split(value, DIGITS);
  return `${sign}${whole}${`.${fraction}`.replace(/\.?0+$/, '')}`;
}

/** Dollars and cents. Less than a cent shows its first digits instead of 0.00, as in the terminal. */
export function formatMoney(value: bigint): string {
  const size = value < 0n ? -value : value;
  const digits = value !== 0n && size < CENT ? 6 : 2;
  const { sign, whole, fraction } = split(roundTo(value, digits), DIGITS);
  return `${sign}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.slice(0, digits)}`;
}

/** Near enough to draw. */
export const approximate = (value: bigint): number => Number(value) / Number(ONE);

/** Half a unit goes away from zero, as DuckDB rounds. */
function roundTo(value: bigint, digits: number): bigint {
  const unit = 10n ** BigInt(DIGITS - digits);
  const half = unit / 2n;
  return ((value < 0n ? value - half : value + half) / unit) * unit;
}

function split(value: bigint, digits: number): { sign: string; whole: string; fraction: string } {
  const text = String(value < 0n ? -value : value).padStart(digits + 1, '0');
  return { sign: value < 0n ? '-' : '', whole: text.slice(0, -digits), fraction: text.slice(-digits) };
}
