import type { Connection } from './connection.ts';
import { DuckDBInstance } from './duckdb.ts';
import type { Columns } from './records.ts';

/** What a SELECT names, in lower case and sorted, as DuckDB's own parser reads it. */
export interface Names {
  /** Tables and views that it reads; its own CTEs are not among them. */
  readonly tables: readonly string[];
  /** Functions that it calls, macros and table functions among them. */
  readonly functions: readonly string[];
  /** Variables that it reads with getvariable(). */
  readonly variables: readonly string[];
  /** What it reads from the files of a variable: read_json(getvariable('variable'), columns = …). */
  readonly reads: readonly JsonRead[];
  /** True if it may read tables that it does not name: it lists the catalogue, or computes the name of a table. */
  readonly isOpen: boolean;
}

export interface JsonRead {
  readonly variable: string;
  readonly columns: Columns;
}

/** The parse tree of a text as DuckDB serializes it: statements where the text is one SELECT or several, else an error. */
export interface Tree {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: { readonly from_table?: { readonly type: string } } }[];
}

export async function parse(connection: Connection, sql: string): Promise<Tree> {
  const reader = await connection.runAndReadAll('select json_serialize_sql($sql::varchar) as tree', { sql });
  return JSON.parse(withoutInfinity(reader.getRowObjectsJson()[0]!.tree as string)) as Tree;
}

/** A number such as 1e400 is written in a word that JSON does not know. */
const withoutInfinity = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (part) => (part.startsWith('"') ? part : 'null'));

let parser: Promise<Connection> | undefined;

/** What a text names, by a database that only parses; undefined for anything but a SELECT. */
export async function parseNames(sql: string): Promise<Names | undefined> {
  parser ??= DuckDBInstance.create(':memory:', { threads: '1' }).then((instance) => instance.connect());
  const tree = await parse(await parser, sql);
  return tree.error ? undefined : namesIn(tree);
}

/** What a parse tree names. */
export function namesIn(tree: Tree): Names {
  const found: Collected = { tables: new Set(), functions: new Set(), variables: new Set(), reads: [], isOpen: false };
  collect(tree.statements, new Set(), found);
  const sorted = (names: ReadonlySet<string>): string[] => [...names].sort();
  return {
    tables: sorted(found.tables),
    functions: sorted(found.functions),
    variables: sorted(found.variables),
    reads: found.reads,
    isOpen: found.isOpen,
  };
}

interface Collected {
  readonly tables: Set<string>;
  readonly functions: Set<string>;
  readonly variables: Set<string>;
  readonly reads: JsonRead[];
  isOpen: boolean;
}

type Node = Readonly<Record<string, unknown>>;

function collect(node: unknown, ctes: ReadonlySet<string>, found: Collected): void {
  if (Array.isArray(node)) return node.forEach((item) => collect(item, ctes, found));
  if (typeof node !== 'object' || node === null) return;
  const { cte_map: declared, ...rest } = node as Node;
  const known = declared ? collectCtes(declared as CteMap, ctes, found) : ctes;
  addNames(rest, known, found);
  for (const value of Object.values(rest)) collect(value, known, found);
}

interface CteMap {
  readonly map: readonly { readonly key: string; readonly value: { readonly query: { readonly node: Node } } }[];
}

/** A CTE sees those before it, and itself only if it is recursive: else its own name is that of a table. */
function collectCtes({ map }: CteMap, outer: ReadonlySet<string>, found: Collected): ReadonlySet<string> {
  const known = new Set(outer);
  for (const { key, value } of map) {
    const name = key.toLowerCase();
    const isRecursive = value.query.node.type === 'RECURSIVE_CTE_NODE';
    collect(value, isRecursive ? new Set([...known, name]) : new Set(known), found);
    known.add(name);
  }
  return known;
}

function addNames(node: Node, ctes: ReadonlySet<string>, found: Collected): void {
  const addTable = (name: string): void => {
    if (!ctes.has(name.toLowerCase())) found.tables.add(name.toLowerCase());
  };
  switch (node.type) {
    case 'BASE_TABLE':
      addTable(node.table_name as string);
      if (CATALOGUES.includes((node.schema_name as string).toLowerCase())) found.isOpen = true;
      break;
    case 'SHOW_REF':
      // DESCRIBE has a query, or a table in quotes; SHOW TABLES and its like list what there is
      if (node.query !== null) break;
      if (node.show_type === 'SHOW_UNQUALIFIED' || node.show_type === 'SHOW_FROM') found.isOpen = true;
      else addTable((node.table_name as string).replaceAll('"', ''));
      break;
    case 'TABLE_FUNCTION':
      // query_table, and macros over it, take the names of tables as texts
      for (const name of textsOf((node.function as Node).children as Node[])) addTable(name);
      break;
  }
  if (typeof node.function_name === 'string') addCall(node, found);
}

const CATALOGUES = ['information_schema', 'pg_catalog'];
const LISTS_CATALOGUE = /^(duckdb_(tables|views|columns)|pragma_show|query_table)$/;

function addCall(call: Node, found: Collected): void {
  const name = (call.function_name as string).toLowerCase();
  const texts = textsOf((call.children ?? []) as Node[]);
  found.functions.add(name);
  if (name === 'getvariable' && texts[0] !== undefined) found.variables.add(texts[0]);
  if (name === 'read_json') found.reads.push(...jsonRead(call.children as Node[]));
  if (LISTS_CATALOGUE.test(name) && texts.length === 0) found.isOpen = true;
}

/** The arguments of read_json, where the files are in a variable and the columns are spelled out. */
function jsonRead([files, ...options]: readonly Node[]): JsonRead[] {
  const variable = files?.function_name === 'getvariable' ? textsOf(files.children as Node[])[0] : undefined;
  const columns = options.find(({ left }) => (left as Node | undefined)?.column_names?.toString() === 'columns');
  if (variable === undefined || !columns) return [];
  const fields = (columns.right as Node).children as Node[];
  return [{ variable, columns: Object.fromEntries(fields.map((field) => [field.alias, textsOf([field])[0]])) }];
}

/** Texts among the arguments of a call, in a list too. */
function textsOf(parameters: readonly Node[]): string[] {
  return parameters.flatMap((parameter) => {
    if (parameter.function_name === 'list_value') return textsOf(parameter.children as Node[]);
    const { value } = (parameter.value ?? {}) as { value?: unknown };
    return parameter.class === 'CONSTANT' && typeof value === 'string' ? [value] : [];
  });
}
