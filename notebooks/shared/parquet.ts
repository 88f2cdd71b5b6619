import { decompress } from 'fzstd';
import { parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { DIGITS } from '../page/money.ts';

/** A file that a notebook names. */
interface File {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * The rows of an export. Days are texts, counts are numbers, and a DECIMAL is exact: a whole number of the smallest
 * part of a dollar, as the page's money is. (hyparquet itself would make it a double.)
 */
export async function readParquet<Row>(attachment: File): Promise<Row[]> {
  const file = await attachment.arrayBuffer();
  const metadata = await parquetMetadataAsync(file);
  const scales = takeDecimals(metadata);
  const rows = await parquetReadObjects({
    file,
    metadata,
    compressors: { ZSTD: (input) => decompress(input) },
    parsers: { dateFromDays: (days: number) => isoDay(new Date(days * 86_400_000)) as never },
  });
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      const scale = scales.get(name);
      if (value === undefined) row[name] = null;
      else if (value !== null && scale !== undefined) row[name] = wholeOf(value) * 10n ** BigInt(DIGITS - scale);
      else if (typeof value === 'bigint') row[name] = Number(value);
    }
  }
  return rows as Row[];
}

/** Has hyparquet give the digits of decimals as they are stored, and returns how many are after the decimal point. */
function takeDecimals({ schema }: FileMetaData): Map<string, number> {
  const scales = new Map<string, number>();
  for (const column of schema) {
    if (column.converted_type !== 'DECIMAL') continue;
    scales.set(column.name, column.scale ?? 0);
    delete column.converted_type;
    delete column.logical_type;
  }
  return scales;
}

/** Stored as a number, or as bytes with the sign first. */
function wholeOf(stored: unknown): bigint {
  if (!(stored instanceof Uint8Array)) return BigInt(stored as number | bigint);
  const value = stored.reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(stored.length * 8, value);
}

const isoDay = (date: Date): string => date.toISOString().slice(0, 10);
