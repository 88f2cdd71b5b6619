import type { Result, ResultColumn } from '../session/result.ts';

/** A name as SQL, whatever it holds. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL, whatever it holds. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * A value as machines read it: times in UTC, ISO 8601, in milliseconds unless there is more to them, except at the ends of
 * time, where DuckDB cannot say them so; what is no number, such as 1/0, is none: JSON has no word for it.
 */
export function machineValue(column: ResultColumn): string {
  const name = quoted(column.name);
  if (/^(DOUBLE|FLOAT)$/.test(column.type)) return `if(isfinite(${name}), ${name}, null)`;
  if (column.type !== 'TIMESTAMP WITH TIME ZONE') return name;
  const inUtc = `replace(strftime(${name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'), '000Z', 'Z')`;
  return `coalesce(try(${inUtc}), ${name}::varchar)`;
}

/** The same as JSON: what is no number is none within lists, records and JSON, too. */
export function jsonValue(column: ResultColumn): string {
  const value = machineValue(column);
  const mayHoldNone = /\b(DOUBLE|FLOAT|JSON)\b/.test(column.type) && !/^(DOUBLE|FLOAT)$/.test(column.type);
  if (!mayHoldNone) return value;
  const json = `to_json(${value})::varchar`;
  const parts = `regexp_extract_all(${json}, ${literal(JSON_PARTS)})`;
  const valid = `list_transform(${parts}, lambda part: if(regexp_full_match(part, '${NO_NUMBER}'), 'null', part))`;
  return `if(regexp_matches(${json}, '${NO_NUMBER}'), array_to_string(${valid}, ''), ${json})::json`;
}

/** DuckDB writes these words into JSON, which does not know them. */
const NO_NUMBER = '-?Infinity|NaN';
const JSON_PARTS = `"(?:[^"\\\\]|\\\\.)*"|${NO_NUMBER}|[^"IN-]+|.`;

/** A record of a row, in the order of its columns. */
export function machineRecord(columns: readonly ResultColumn[]): string {
  return `{${columns.map((column) => `${literal(column.name)}: ${jsonValue(column)}`).join(', ')}}`;
}

export const parents = (result: Result): string => (result.breakdown ? 'where not is_part' : '');

/** Columns of flat rows: with a breakdown, the dimension comes after the keys. */
export function flatColumns(result: Result): readonly ResultColumn[] {
  if (!result.breakdown) return result.columns;
  const part = { name: result.breakdown, type: 'VARCHAR', unit: null, description: null, isOptional: false };
  const lastKey = Math.max(...result.keys.map((key) => result.columns.findIndex(({ name }) => name === key)));
  return [...result.columns.slice(0, lastKey + 1), part, ...result.columns.slice(lastKey + 1)];
}

/** Where flat rows are: with a breakdown, its rows without those they split. */
export const flatRows = (result: Result): string => `from ${result.table} ${result.breakdown ? 'where is_part' : ''}`;
