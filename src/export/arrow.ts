import { closeSync, openSync, writeSync } from 'node:fs';
import {
  AsyncByteQueue,
  Bool,
  DateDay,
  Decimal,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
} from 'apache-arrow';
import { rows as readRows } from '../database/connection.ts';
import { bindings, DuckDBEnumType, DuckDBTypeId, type DuckDBDataChunk, type DuckDBType } from '../database/duckdb.ts';
import { quoted } from '../output/sql-text.ts';
import { PRIVATE } from '../files/private-files.ts';
import type { ResultColumn } from '../session/result.ts';
import { checked, plainValue, spool, type Rows, type Spool, type Writer } from './rows.ts';

/** Arrow's file format, which can be read from the middle. */
export const writeArrowFile: Writer = (rows, path) => writeArrow(rows, path, RecordBatchFileWriter);

/** Arrow's stream format, which is read from start to end. */
export const writeArrowStream: Writer = (rows, path) => writeArrow(rows, path, RecordBatchStreamWriter);

/** Rows of a record batch: a whole number of DuckDB's chunks. */
const BATCH = 32 * 2048;

async function writeArrow(
  rows: Rows,
  path: string,
  Format: typeof RecordBatchFileWriter | typeof RecordBatchStreamWriter,
): Promise<number> {
  const spooled = await spool(rows, arrowValue);
  const result = await rows.connection.stream(await selectWithDictionaries(spooled));
  const columns = result.columnTypes().map(columnOf);
  const schema = new Schema(
    rows.columns.map(({ name, description, unit }, index) => {
      const notes = Object.entries({ description, unit }).filter((entry): entry is [string, string] => !!entry[1]);
      return new Field(name, columns[index]!.type, true, new Map(notes));
    }),
    new Map(Object.entries(rows.origin)),
  );
  const sink = new FileSink(path);
  try {
    const writer = new Format();
    writer.reset(sink, schema);
    let length = 0;
    const flush = (): void => {
      if (length > 0) writer.write(batchOf(schema, columns, length));
      length = 0;
    };
    for await (const chunk of checked(spooled, result)) {
      if (length + chunk.rowCount > BATCH) flush();
      columns.forEach((column, index) => column.add(chunk, index, length));
      length += chunk.rowCount;
    }
    flush();
    writer.finish();
  } finally {
    sink.end();
  }
  return spooled.count;
}

/** Writes immediately what Arrow puts into its queue: nothing piles up, and buffers can be reused. */
class FileSink extends AsyncByteQueue {
  readonly #file: number;

  constructor(path: string) {
    super();
    this.#file = openSync(path, 'w', PRIVATE);
  }

  override write(bytes: Uint8Array): void {
    for (let rest = bytes; rest.byteLength > 0;) rest = rest.subarray(writeSync(this.#file, rest));
  }

  end(): void {
    closeSync(this.#file);
  }
}

/** Exact decimals of 16 bytes, as in both DuckDB and Arrow. */
function arrowValue(column: ResultColumn): string {
  const scale = /^DECIMAL\(\d+,\s*(\d+)\)$/.exec(column.type)?.[1];
  return scale ? `${quoted(column.name)}::decimal(38, ${scale})` : plainValue(column);
}

/** Text columns with at most about this many different values are written as dictionaries. */
const DICTIONARY_LIMIT = 50_000;

/** An ENUM of DuckDB is a dictionary of Arrow, byte for byte. */
async function selectWithDictionaries({ rows, file }: Spool): Promise<string> {
  const { connection } = rows;
  const described = await readRows(
    connection,
    `select column_name as name, column_type as type from (describe from ${file})`,
  );
  const counts = described.map(({ name, type }) =>
    type === 'VARCHAR' ? distinctTexts(quoted(name as string)) : 'null',
  );
  // count(*) makes sure of one row, even without a text to count
  const [row] = await readRows(
    connection,
    `select count(*) as rows, [${counts.join(', ')}]::varchar[] as counts from ${file}`,
  );
  const values: string[] = [];
  for (const [index, { name }] of described.entries()) {
    const column = quoted(name as string);
    const count = (row!.counts as (string | null)[])[index];
    if (count == null || Number(count) > DICTIONARY_LIMIT) values.push(column);
    else {
      await connection.run(
        `create temp type arrow_values_${index} as enum (
          select distinct ${column} from ${file} where ${column} is not null order by ${column})`,
      );
      values.push(`${column}::arrow_values_${index} as ${column}`);
    }
  }
  return `select ${values.join(', ')} from ${file}`;
}

/** Null where a text holds a NUL: the values of an ENUM end there. */
const distinctTexts = (column: string): string =>
  `if(bool_or(contains(${column}, chr(0))), null, approx_count_distinct(${column}))`;

/** Gathers the values of one column for one batch after the other. */
interface ArrowColumn {
  readonly type: DataType;
  /** Adds a column of a chunk, from the given row of the batch on. */
  readonly add: (chunk: DuckDBDataChunk, index: number, row: number) => void;
  /** The values of the batch, which hold until more are added. */
  readonly take: (length: number) => Data;
}

function batchOf(schema: Schema, columns: readonly ArrowColumn[], length: number): RecordBatch {
  const children = columns.map((column) => column.take(length));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children }));
}

type Numbers =
  | Int8ArrayConstructor
  | Int16ArrayConstructor
  | Int32ArrayConstructor
  | BigInt64ArrayConstructor
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Uint32ArrayConstructor
  | BigUint64ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

/** Types whose values have the same bytes in DuckDB and in Arrow. */
const FIXED: Partial<Record<DuckDBTypeId, readonly [DataType, Numbers]>> = {
  [DuckDBTypeId.TINYINT]: [new Int8(), Int8Array],
  [DuckDBTypeId.SMALLINT]: [new Int16(), Int16Array],
  [DuckDBTypeId.INTEGER]: [new Int32(), Int32Array],
  [DuckDBTypeId.BIGINT]: [new Int64(), BigInt64Array],
  [DuckDBTypeId.UTINYINT]: [new Uint8(), Uint8Array],
  [DuckDBTypeId.USMALLINT]: [new Uint16(), Uint16Array],
  [DuckDBTypeId.UINTEGER]: [new Uint32(), Uint32Array],
  [DuckDBTypeId.UBIGINT]: [new Uint64(), BigUint64Array],
  [DuckDBTypeId.FLOAT]: [new Float32(), Float32Array],
  [DuckDBTypeId.DOUBLE]: [new Float64(), Float64Array],
  [DuckDBTypeId.DATE]: [new DateDay(), Int32Array],
  [DuckDBTypeId.TIMESTAMP]: [new TimestampMicrosecond(), BigInt64Array],
  [DuckDBTypeId.TIMESTAMP_TZ]: [new TimestampMicrosecond('UTC'), BigInt64Array],
};

function columnOf(type: DuckDBType, index: number): ArrowColumn {
  if (type.typeId === DuckDBTypeId.DECIMAL)
    return fixedColumn(new Decimal(type.scale, type.width, 128), Uint32Array, 4);
  if (type instanceof DuckDBEnumType) return dictionaryColumn(type, index);
  if (type.typeId === DuckDBTypeId.BOOLEAN) return booleanColumn();
  const fixed = FIXED[type.typeId];
  return fixed ? fixedColumn(fixed[0], fixed[1]) : textColumn();
}

function fixedColumn(type: DataType, Array: Numbers, width = 1, more: object = {}): ArrowColumn {
  const size = Array.BYTES_PER_ELEMENT * width;
  const bytes = new Uint8Array(BATCH * size);
  const nulls = nullMask();
  return {
    type,
    add: (chunk, index, row) => {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
      bytes.set(bindings.vector_get_data(vector, chunk.rowCount * size), row * size);
      // the value under a NULL is whatever was in memory
      nulls.add(chunk, index, row, (at) => bytes.fill(0, at * size, (at + 1) * size));
    },
    take: (length) =>
      makeData({
        type,
        length,
        ...nulls.take(length),
        data: new Array(bytes.buffer, 0, length * width),
        ...more,
      } as never),
  };
}

function dictionaryColumn({ values, internalTypeId }: DuckDBEnumType, index: number): ArrowColumn {
  const [type, Array] = FIXED[internalTypeId]!;
  const dictionary = vectorFromArray(values, new Utf8());
  return fixedColumn(new Dictionary(new Utf8(), type as Uint8 | Uint16 | Uint32, index), Array, 1, { dictionary });
}

function booleanColumn(): ArrowColumn {
  const bits = new Uint8Array(BATCH / 8);
  const nulls = nullMask();
  return {
    type: new Bool(),
    add: (chunk, index, row) => {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
      bindings
        .vector_get_data(vector, chunk.rowCount)
        .forEach((value, offset) => setBit(bits, row + offset, value !== 0));
      nulls.add(chunk, index, row, (at) => setBit(bits, at, false));
    },
    take: (length) =>
      makeData({ type: new Bool(), length, ...nulls.take(length), data: bits.subarray(0, Math.ceil(length / 8)) }),
  };
}

function textColumn(): ArrowColumn {
  const encoder = new TextEncoder();
  const offsets = new Int32Array(BATCH + 1);
  let text = new Uint8Array(2 ** 20);
  const nulls = nullMask();
  const append = (value: string, start: number): number => {
    const needed = start + value.length * 3;
    if (needed > text.length) {
      const larger = new Uint8Array(Math.max(2 * text.length, needed));
      larger.set(text);
      text = larger;
    }
    return start + encoder.encodeInto(value, text.subarray(start)).written;
  };
  return {
    type: new Utf8(),
    add: (chunk, index, row) => {
      const vector = chunk.getColumnVector(index);
      for (let offset = 0; offset < chunk.rowCount; offset++) {
        const at = row + offset;
        offsets[at + 1] = append((vector.getItem(offset) as string | null) ?? '', offsets[at]!);
      }
      nulls.add(chunk, index, row, () => {});
    },
    take: (length) =>
      makeData({
        type: new Utf8(),
        length,
        ...nulls.take(length),
        valueOffsets: offsets.subarray(0, length + 1),
        data: text.subarray(0, offsets[length]),
      }),
  };
}

/** Which values of a batch are not NULL: a bit each, and no bits at all if none is NULL. */
function nullMask() {
  const bits = new Uint8Array(BATCH / 8).fill(255);
  let count = 0;
  return {
    add: (chunk: DuckDBDataChunk, index: number, row: number, onNull: (row: number) => void): void => {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
      if (row === 0 && count > 0) {
        bits.fill(255);
        count = 0;
      }
      const validity = bindings.vector_get_validity(vector, Math.ceil(chunk.rowCount / 64) * 8);
      for (let offset = 0; validity && offset < chunk.rowCount; offset++) {
        if ((validity[offset >> 3]! >> (offset & 7)) & 1) continue;
        setBit(bits, row + offset, false);
        count++;
        onNull(row + offset);
      }
    },
    take: (length: number) => ({
      nullCount: count,
      ...(count > 0 ? { nullBitmap: bits.subarray(0, Math.ceil(length / 8)) } : {}),
    }),
  };
}

function setBit(bits: Uint8Array, at: number, value: boolean): void {
  if (value) bits[at >> 3]! |= 1 << (at & 7);
  else bits[at >> 3]! &= ~(1 << (at & 7));
}
