import { rows, rowsInBatches, type Connection } from '../database/connection.ts';
import type { Result, ResultColumn } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { machineRecord, parents, quoted } from './sql-text.ts';

/** Raised when a key of the JSON changes its meaning or goes away. */
const SCHEMA_VERSION = 1;

/** One object: the report's rows and what they are. DuckDB writes the numbers, so none loses a digit. */
export async function* toJson(
  session: Session,
  name: string,
  result: Result,
  parts: ReadonlyMap<string, Result>,
  topLevel: Result | undefined,
  notes: readonly string[],
): AsyncGenerator<string> {
  const { request, prices, connection } = session;
  const totals = await jsonTotals(connection, result);
  const head = [
    `"schema_version":${SCHEMA_VERSION}`,
    `"report":${JSON.stringify(name)}`,
    ...(topLevel ? await jsonFields(connection, topLevel) : []),
    `"params":${JSON.stringify({ timezone: request.timezone, since: request.selection.since, until: request.selection.until, last_days: request.selection.last_days, ...request.selection.filters, breakdown: request.breakdown, ...request.params })}`,
    `"prices":${JSON.stringify(prices)}`,
    `"currency":"USD"`,
    `"columns":${JSON.stringify(result.columns.map(describeColumn))}`,
  ];
  yield `{\n${head.join(',\n')}`;
  for (const [key, rowsOfKey] of [['rows', result] as const, ...parts]) {
    yield `,\n${JSON.stringify(key)}:`;
    yield* jsonArray(connection, rowsOfKey);
  }
  const tail = [
    `"totals":${totals}`,
    ...(notes.length > 0 ? [`"notes":${JSON.stringify(notes)}`] : []),
    `"warnings":${JSON.stringify(session.warnings)}`,
  ];
  yield `,\n${tail.join(',\n')}\n}\n`;
}

/** One row a line. */
export async function* toNdjson({ connection }: Session, result: Result): AsyncGenerator<string> {
  for await (const lines of jsonRows(connection, result)) yield lines.map((line) => `${line}\n`).join('');
}

const describeColumn = ({ name, type, unit, description }: ResultColumn): object => ({ name, type, unit, description });

async function* jsonArray(connection: Connection, result: Result): AsyncGenerator<string> {
  let isEmpty = true;
  for await (const lines of jsonRows(connection, result)) {
    yield `${isEmpty ? '[' : ','}\n${lines.join(',\n')}`;
    isEmpty = false;
  }
  yield isEmpty ? '[]' : '\n]';
}

/** The fields of objects, without their braces. */
async function jsonFields(connection: Connection, result: Result): Promise<string[]> {
  const fields = [];
  for await (const lines of jsonRows(connection, result)) fields.push(...lines.map((line) => line.slice(1, -1)));
  return fields;
}

async function* jsonRows(connection: Connection, result: Result): AsyncGenerator<string[]> {
  const record = machineRecord(result.columns);
  const sql = result.breakdown
    ? nested(result, record)
    : `select to_json(${record})::varchar as line from ${result.table}`;
  for await (const batch of rowsInBatches(connection, sql)) yield batch.map(({ line }) => line as string);
}

/** Each row with its parts in a list: every column but the key, under the name of the dimension. */
function nested(result: Result, record: string): string {
  const { keys } = result;
  const sums = result.columns.filter(({ name }) => !keys.includes(name));
  const part = `struct_concat({${quoted(result.breakdown!)}: part}, ${machineRecord(sums)})`;
  const isSame = keys.map((name) => `parent.${quoted(name)} is not distinct from parts.${quoted(name)}`).join(' and ');
  const names = keys.map(quoted).join(', ');
  return `
    with parent as (select rowid as position, ${names}, ${record} as record from ${result.table} where not is_part),
    parts as (select ${names}, list(${part} order by rowid) as breakdown from ${result.table} where is_part group by ${names})
    select to_json(struct_concat(parent.record, {breakdown: parts.breakdown}))::varchar as line
    from parent left join parts on ${isSame} order by position`;
}

async function jsonTotals(connection: Connection, result: Result): Promise<string> {
  if (result.totals.length === 0) return '{}';
  const sums = result.totals.map((name) => `'${name}': ${sumOf(result, name)}`).join(', ');
  const [row] = await rows(
    connection,
    `select to_json({${sums}})::varchar as line from ${result.table} ${parents(result)}`,
  );
  return row!.line as string;
}

/** The sum of a column in its own type: 0 without rows, NULL if all values are unknown. */
export function sumOf(result: Result, name: string): string {
  const type = result.columns.find((column) => column.name === name)!.type;
  return `if(count(*) = 0, 0, sum(${quoted(name)}))::${type}`;
}
