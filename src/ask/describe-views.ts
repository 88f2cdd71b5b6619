import { suggestion } from '../suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import { viewsIn, withoutIdleTables } from '../catalog/reads.ts';
import type { Values } from '../request/arguments.ts';
import { openDatabase, rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { show, type Shown } from '../output/render.ts';
import { readRequest } from '../request/request.ts';
import type { Session } from '../session/session.ts';
import { open } from './open.ts';

/** Prints the views and their columns, or those of one view. No log is read for it. */
export async function runSchema(view: string | undefined, values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog);
  if (view) findView(view, catalog.views);
  const nowhere = { ...request, places: { globs: [], isOnly: true, env: {} }, archiveRoots: [] };
  const { session } = await open(await openDatabase(), nowhere, { hasAll: true });
  await show(session, await describeViews(session, view));
}

interface Line {
  readonly view: string;
  /** NULL for the view itself. */
  readonly column: string | null;
  readonly type: string | null;
  readonly unit: string | null;
  readonly description: string | null;
}

/** The columns of a view; without a name every view, and below each its columns. */
export async function describeViews(session: Session, name?: string): Promise<Shown> {
  const views = listedViews(session);
  if (name) {
    const columns = await columnsOf(session, findView(name, views));
    return shownLines(session.connection, columns, ['column', 'type', 'unit', 'description']);
  }
  const lines: Line[] = [];
  for (const view of views) lines.push(lineOf(view), ...(await columnsOf(session, view)));
  return shownLines(session.connection, lines, ['view', 'column', 'type', 'unit', 'description']);
}

/** In the order in which data flows. */
const listedViews = ({ request }: Session): SqlFile[] => withoutIdleTables(request.catalog.views);

/** The views without their columns. */
export function listViews(session: Session): Promise<Shown> {
  return shownLines(session.connection, listedViews(session).map(lineOf), ['view', 'description']);
}

function findView(name: string, views: readonly SqlFile[]): SqlFile {
  const view = views.find((known) => known.name === name.toLowerCase());
  if (view) return view;
  const near = suggestion(
    name,
    views.map((known) => known.name),
  );
  throw new ClawtraceError(`there is no view '${name}'.${near} 'clawtrace schema' lists them.`);
}

const lineOf = ({ name, kind, macroParams, title }: SqlFile): Line => ({
  view: name,
  column: null,
  type: macroParams ? `${kind}(${macroParams})` : kind,
  unit: null,
  description: title,
});

async function columnsOf(session: Session, view: SqlFile): Promise<Line[]> {
  if (view.kind === 'function') return [];
  const described = await describedColumns(session, view);
  const known = new Map(
    [...viewsIn(view.names, session.views), view]
      .flatMap(({ columns }) => columns)
      .map((column) => [column.name, column]),
  );
  return described.map(({ name, type }) => ({
    view: view.name,
    column: name,
    type,
    unit: known.get(name)?.unit ?? null,
    description: known.get(name)?.description || null,
  }));
}

type Described = { readonly name: string; readonly type: string | null };

/** A macro over a table that its caller names has no types until it is called: its header names the columns. */
async function describedColumns({ connection }: Session, view: SqlFile): Promise<readonly Described[]> {
  if (view.names.functions.includes('query_table')) return view.columns.map(({ name }) => ({ name, type: null }));
  const given = view.macroParams.split(',').filter((param) => !param.includes(':='));
  const call = view.kind === 'macro' ? `(${given.map(() => 'null').join(', ')})` : '';
  const sql = `select column_name as name, column_type as type from (describe from ${view.name}${call})`;
  return (await rows(connection, sql)) as unknown as Described[];
}

async function shownLines(
  connection: Connection,
  lines: readonly Line[],
  columns: readonly (keyof Line)[],
): Promise<Shown> {
  const shape = JSON.stringify([Object.fromEntries(columns.map((name) => [name, 'varchar']))]);
  await rows(
    connection,
    `create or replace temp table result as select unnest(from_json($lines::json, $shape), max_depth := 2)`,
    { lines: JSON.stringify(lines), shape },
  );
  return {
    name: 'schema',
    result: {
      table: 'result',
      columns: columns.map((name) => ({
        name,
        type: 'VARCHAR',
        unit: name === 'description' ? 'prose' : null,
        description: null,
        isOptional: name === 'type' || name === 'unit',
        needsValue: name === 'unit',
      })),
      totals: [],
      keys: [],
      breakdown: null,
    },
    parts: new Map(),
    topLevel: undefined,
    top: undefined,
  };
}
