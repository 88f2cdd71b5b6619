/** A whole number with commas. Intl would do it, and takes longer to load than a short report to run. */
export const withCommas = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 row", "1,234 rows". */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${withCommas(value)} ${value === 1 ? one : many}`;
