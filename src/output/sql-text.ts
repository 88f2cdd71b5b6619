import type { Result, ResultColumn } from '../session/result.ts';

/** A name as SQL, whatever it holds. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL, whatever it holds. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * A value as machines read it: times in UTC, ISO 8601, in milliseconds unless they are more precise; what is not a number,
 * such as 1/0, is NULL: JSON cannot express it.
 */
export function machineValue(column: ResultColumn): string {
  const name = quoted(column.name);
  if (/^(DOUBLE|FLOAT)$/.test(column.type)) return `if(isfinite(${name}), ${name}, null)`;
  return column.type === 'TIMESTAMP WITH TIME ZONE'
    ? `replace(strftime(${name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'), '000Z', 'Z')`
    : name;
}

/** A record of a row, in the order of its columns. */
export function machineRecord(columns: readonly ResultColumn[]): string {
  return `{${columns.map((column) => `'${column.name.replaceAll("'", "''")}': ${machineValue(column)}`).join(', ')}}`;
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
