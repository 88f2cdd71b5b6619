import { literal, quoted } from '../output/sql-text.ts';
import type { ResultColumn } from '../session/result.ts';
import { copy, PARQUET, selectAs, type Rows, type Writer } from './rows.ts';

/** Parquet, compressed with zstd, with all types as they are and its origin in the metadata. */
export const writeParquet: Writer = (rows, path) =>
  copy(rows, selectAs(rows, parquetValue), path, `${PARQUET}, ${metadata(rows)}`);

/** Parquet has no integers of 16 bytes; DuckDB would write them as DOUBLE. */
export function parquetValue({ name, type }: ResultColumn): string {
  const value = quoted(name);
  return /^U?HUGEINT$/.test(type) ? `${value}::decimal(38, 0)` : value;
}

export function metadata({ origin }: Rows): string {
  const entries = Object.entries(origin).map(([key, value]) => `${key}: ${literal(value)}`);
  return `kv_metadata {${entries.join(', ')}}`;
}
