import { rows, type Connection } from './connection.ts';
import { ClawtraceError } from '../errors.ts';

/** One SELECT, or the explanation of one, that changes nothing. */
export interface Select {
  /** The statement to run: what was checked, and nothing else. */
  readonly sql: string;
  readonly kind: 'select' | 'show' | 'explain';
  /** Tables and functions that it names, in lower case. */
  readonly names: ReadonlySet<string>;
}

/**
 * Functions that write files, change settings, read memory, or run SQL that is hidden in a text.
 * A test lists all others that DuckDB has, so that a new version's are looked at.
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

interface Tree {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: { readonly from_table?: { readonly type: string } } }[];
}

/** Its options are words only: no comment may begin there that ends in what is checked. */
const EXPLAIN = /^(?:\s|--[^\r\n]*|\/\*[^]*?\*\/)*explain\b(\s+analyze\b)?(\s*\(\s*(?:analyze|format)\b[\w\s,]*\))?/i;

/** Refuses anything but one SELECT that only reads. DuckDB's own parser decides: it can only serialize a SELECT. */
export async function checkSelect(connection: Connection, sql: string, what = 'query'): Promise<Select> {
  const explain = EXPLAIN.exec(sql);
  const select = explain ? sql.slice(explain[0].length) : sql;
  const [row] = await rows(connection, 'select json_serialize_sql($select::varchar) as tree', { select });
  const tree = JSON.parse(row!.tree as string) as Tree;
  if (tree.error) throw new ClawtraceError(`${what}${problemOf(tree, sql, sql.length - select.length)}`);
  if (tree.statements?.length === 0) throw new ClawtraceError(`${what} needs SQL: one SELECT over the views.`);
  if (tree.statements?.length !== 1) throw new ClawtraceError(`${what} takes one SELECT at a time.`);
  const names = namesOf(tree);
  const denied = [...DENIED_FUNCTIONS].find((name) => names.has(name));
  if (denied) throw new ClawtraceError(`${what} takes no ${denied}(): it could do more than read.`);
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

/** Where the byte of a part is that begins at start. */
function place(sql: string, start: number, position: number): string {
  const part = Buffer.from(sql.slice(start)).subarray(0, position).toString('utf8');
  const before = (sql.slice(0, start) + part).split('\n');
  return `line ${before.length}, column ${[...before.at(-1)!].length + 1}`;
}

/** A column is not named by these: it may have the name of a view. */
const NAMES = ['table_name', 'function_name'];

function namesOf(tree: Tree): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: object): void => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'string' && NAMES.includes(key)) names.add(value.toLowerCase());
      else if (typeof value === 'object' && value !== null) visit(value as object);
    }
  };
  visit(tree);
  return names;
}
