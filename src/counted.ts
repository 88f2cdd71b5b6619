const grouped = new Intl.NumberFormat('en-US');

/** A number with commas. */
export const withCommas = (value: number | bigint): string => grouped.format(value);

/** "1 row", "1,234 rows". */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${withCommas(value)} ${value === 1 ? one : many}`;
