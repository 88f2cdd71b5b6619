import { rows, type Connection } from '../database/connection.ts';
import { isShape, type Result, type ResultColumn } from '../session/result.ts';
import type { Shown } from './render.ts';
import { machineValue, quoted } from './sql-text.ts';

/** What to include of a report. By default: all of its rows and columns, and no parts. */
export interface Excerpt {
  readonly columns?: readonly string[];
  readonly parts?: readonly string[];
  /** At most this many rows: the first ones, or the last ones in reverse order. */
  readonly first?: number;
  readonly last?: number;
}

/** Columns of which few values differ: each value is written once. */
const CODED = ['VARCHAR', 'DATE'];

/** A result column by column, as small as JSON gets: for a page that holds a year. DuckDB writes the values. */
export async function toPacked(connection: Connection, shown: Shown, excerpt: Excerpt): Promise<string> {
  const parts = await Promise.all(
    (excerpt.parts ?? []).map(
      async (name) => `${JSON.stringify(name)}:{${await fields(connection, shown.parts.get(name)!, {})}}`,
    ),
  );
  return `{${await fields(connection, shown.result, excerpt)},"parts":{${parts.join(',')}}}`;
}

async function fields(connection: Connection, result: Result, wanted: Excerpt): Promise<string> {
  const columns = result.columns.filter(
    (column) => !isShape(column) && (wanted.columns?.includes(column.name) ?? true),
  );
  const chosen = chosenRows(result, wanted);
  const [counted] = await rows(connection, `select count(*)::integer as rows from ${result.table}`);
  const values = [];
  for (const column of columns) values.push(await columnValues(connection, column, chosen));
  const heads = columns.map(({ name, type, unit, description }) => ({ name, type, unit, description }));
  return `"row_count":${counted!.rows},"columns":${JSON.stringify(heads)},"values":[${values.join(',')}]`;
}

function chosenRows({ table }: Result, { first, last }: Excerpt): string {
  const limit = last === undefined ? `rowid limit ${first ?? 'null'}` : `rowid desc limit ${last}`;
  return `(select *, ${last === undefined ? 'rowid' : '-rowid'} as "row position" from ${table} order by ${limit})`;
}

async function columnValues(connection: Connection, column: ResultColumn, table: string): Promise<string> {
  const [row] = await rows(connection, CODED.includes(column.type) ? coded(column, table) : plain(column, table));
  return row!.line as string;
}

/** Each name once, and for each row the number of its name. */
function coded(column: ResultColumn, table: string): string {
  const name = quoted(column.name);
  return `
    with line as (select ${name}::varchar as name, "row position" as position from ${table}),
    names as (select list(distinct name order by name) as names from line)
    select to_json({
      names: coalesce(any_value(names), []),
      codes: coalesce(list(list_position(names, name) - 1 order by position), [])
    })::varchar as line
    from line, names`;
}

function plain(column: ResultColumn, table: string): string {
  return `
    select to_json(coalesce(list(value order by position), []))::varchar as line
    from (select ${valueOf(column)} as value, "row position" as position from ${table})`;
}

/** Decimals without the zeros at their end, and times in the user's zone: both as text, for people. */
function valueOf(column: ResultColumn): string {
  const { name, type } = column;
  if (type.startsWith('DECIMAL'))
    return `regexp_replace(${quoted(name)}::varchar, '(\\.[0-9]*[1-9])0+$|\\.0+$', '\\1')`;
  return type === 'TIMESTAMP WITH TIME ZONE' ? `strftime(${quoted(name)}, '%Y-%m-%d %H:%M')` : machineValue(column);
}
