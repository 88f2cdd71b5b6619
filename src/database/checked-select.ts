import { ClawtraceError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { namesIn, parse, type Names, type Tree } from './names.ts';

/** One SELECT, or the explanation of one, that changes nothing. */
export interface Select {
  /** The statement to run: what was checked, and nothing else. */
  readonly sql: string;
  readonly kind: 'select' | 'show' | 'explain';
  readonly names: Names;
}

/**
 * Functions that write files, change settings, read memory, or run SQL that is hidden in a text.
 * A test lists all others that DuckDB has, so that those of a new version get reviewed.
 */
export const DENIED_FUNCTIONS = new Set([
  'arrow_scan',
  'arrow_scan_dumb',
  'checkpoint',
  'disable_logging',
  'disable_peg_parser',
  'disable_profiling',
  'enable_logging',
  'enable_peg_parser',
  'enable_profiling',
  'force_checkpoint',
  'json_execute_serialized_sql',
  'query',
  'truncate_duckdb_logs',
  'write_log',
]);

/** Its options are words only: no comment may begin there and end within the checked text. */
const EXPLAIN = /^(?:\s|--[^\r\n]*|\/\*[^]*?\*\/)*explain\b(\s+analyze\b)?(\s*\(\s*(?:analyze|format)\b[\w\s,]*\))?/i;

/** Refuses anything but one SELECT that only reads. DuckDB's own parser decides: it can only serialize a SELECT. */
export async function checkSelect(connection: Connection, sql: string, what = 'query'): Promise<Select> {
  const explain = EXPLAIN.exec(sql);
  const select = explain ? sql.slice(explain[0].length) : sql;
  const tree = await parse(connection, select);
  if (tree.error) throw new ClawtraceError(`${what}${problemOf(tree, sql, sql.length - select.length)}`);
  if (tree.statements?.length === 0) throw new ClawtraceError(`${what} needs SQL: one SELECT over the views.`);
  if (tree.statements?.length !== 1) throw new ClawtraceError(`${what} takes one SELECT at a time.`);
  const names = namesIn(tree);
  const denied = [...names.functions, ...names.tables].find((name) => DENIED_FUNCTIONS.has(name));
  if (denied) throw new ClawtraceError(`${what} must not call ${denied}(): it could do more than read.`);
  if (explain) return { sql: `explain${explain[1] ?? ''}${explain[2] ?? ''} ${select}`, kind: 'explain', names };
  return { sql, kind: tree.statements[0]!.node.from_table?.type === 'SHOW_REF' ? 'show' : 'select', names };
}

function problemOf({ error_type, error_message, position }: Tree, sql: string, start: number): string {
  if (error_type !== 'parser')
    return /^\s*(from\s+\S+\s+)?pivot\b/i.test(sql.slice(start))
      ? ': PIVOT needs its values named, as in: pivot usage on source in (a, b) using sum(cost).'
      : ' takes one SELECT: it reads, and changes nothing.';
  return `: ${error_message}${position === undefined ? '' : ` (${place(sql, start, Number(position))})`}`;
}

/** The place of a byte of a part that begins at start. */
function place(sql: string, start: number, position: number): string {
  const part = Buffer.from(sql.slice(start)).subarray(0, position).toString('utf8');
  const before = (sql.slice(0, start) + part).split('\n');
  return `line ${before.length}, column ${[...before.at(-1)!].length + 1}`;
}
