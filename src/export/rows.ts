import { join } from 'node:path';
import type { Connection } from '../database/connection.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import type { DuckDBDataChunk } from '../database/duckdb.ts';
import { literal, quoted } from '../output/sql-text.ts';
import { QueryError } from '../errors.ts';
import type { ResultColumn } from '../session/result.ts';

/** What is exported: a view that gives the rows in their order. */
export interface Rows {
  readonly connection: Connection;
  readonly view: string;
  readonly columns: readonly ResultColumn[];
  /** Who wrote a file and at which prices, for formats that have room for it. */
  readonly origin: Readonly<Record<string, string>>;
}

/** Writes rows to a path, and returns how many. It may leave a part of a file behind when it throws. */
export type Writer = (rows: Rows, path: string) => Promise<number>;

/** SELECT with an expression for each column, under the column's name. */
export function selectAs(rows: Rows, value: (column: ResultColumn) => string): string {
  const list = rows.columns.map((column) => `${value(column)} as ${quoted(column.name)}`);
  return `select ${list.join(', ')} from ${rows.view}`;
}

/**
 * Runs COPY, which unlike a stream fails loudly when its query does; returns the number of rows. The SELECT may name
 * values. Without use_tmp_file: the path is a temporary one already.
 */
export async function copy(
  rows: Rows,
  select: string,
  path: string,
  options: string,
  values: Record<string, string | null> = {},
): Promise<number> {
  try {
    const result = await rows.connection.runAndReadAll(
      `copy (${select}\n) to ${literal(path)} (${options}, use_tmp_file false)`,
      values,
    );
    return Number(result.getRows()[0]![0]);
  } catch (error) {
    // the rest shows the statement, which is ours
    const [message] = (error as Error).message.split(/\n+LINE \d+: /);
    throw new QueryError('export', message!);
  }
}

/** Small groups of rows: DuckDB holds one or two of them in memory. */
export const PARQUET = 'format parquet, compression zstd, row_group_size 30720';

/**
 * Rows on their way to a format that DuckDB does not write. They wait in a private file, because a
 * stream ends silently when its query fails half way, and a table of them would fill the memory.
 */
export interface Spool {
  readonly rows: Rows;
  /** SQL for the file. */
  readonly file: string;
  readonly count: number;
}

export async function spool(rows: Rows, value: (column: ResultColumn) => string): Promise<Spool> {
  const path = join(temporaryFolder(), 'export.parquet');
  const count = await copy(rows, selectAs(rows, value), path, PARQUET);
  return { rows, file: literal(path), count };
}

/** Passes on what a stream of the spooled rows brings, and checks that all of them came. */
export async function* checked(
  { count }: Spool,
  stream: AsyncIterable<DuckDBDataChunk>,
): AsyncGenerator<DuckDBDataChunk> {
  let read = 0;
  for await (const chunk of stream) {
    read += chunk.rowCount;
    yield chunk;
  }
  if (read !== count) throw new Error(`export: the rows ended after ${read} of ${count}.`);
}

/** A value in a type that other formats know: nested types become JSON, rare types text. */
export function plainValue({ name, type }: ResultColumn): string {
  const value = quoted(name);
  if (PLAIN.test(type)) return value;
  if (type.startsWith('TIMESTAMP_')) return `${value}::timestamp`;
  if (/^U?HUGEINT$/.test(type)) return `${value}::decimal(38, 0)`;
  return /\]$|^(STRUCT|MAP|UNION|JSON)/.test(type) ? `to_json(${value})::varchar` : `${value}::varchar`;
}

const PLAIN =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|DATE|TIMESTAMP( WITH TIME ZONE)?|VARCHAR)$/;
