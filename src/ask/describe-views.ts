import { readsOf, withoutIdleTables, type Catalog, type SqlFile } from '../catalog/catalog.ts';
import type { Values } from '../request/arguments.ts';
import { suggestion } from '../request/arguments.ts';
import { rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { show, type Shown } from '../output/render.ts';
import { allViews } from './query.ts';
import { readRequest } from '../request/request.ts';
import { describe } from '../session/result.ts';
import { openSession, type Session } from '../session/session.ts';

/** Prints the views and their columns, or those of one view. No log is read for it. */
export async function runSchema(view: string | undefined, values: Values, catalog: Catalog): Promise<void> {
  const views = withoutIdleTables(catalog.views);
  const request = readRequest(values, { ...catalog, views });
  if (view) findView(view, views);
  const nowhere = { globs: [], isOnly: true, env: {} };
  const session = await openSession({ ...request, places: nowhere, archiveRoots: [] }, allViews(views));
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
  const { views } = session.request.catalog;
  if (name) {
    const columns = await columnsOf(session, findView(name, views));
    return shownLines(session.connection, columns, ['column', 'type', 'unit', 'description']);
  }
  const lines: Line[] = [];
  for (const view of views) lines.push(lineOf(view), ...(await columnsOf(session, view)));
  return shownLines(session.connection, lines, ['view', 'column', 'type', 'unit', 'description']);
}

/** The views without their columns. */
export function listViews({ connection, request }: Session): Promise<Shown> {
  return shownLines(connection, request.catalog.views.map(lineOf), ['view', 'description']);
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

const lineOf = ({ name, kind, macroParams, title, text }: SqlFile): Line => ({
  view: name,
  column: null,
  type: macroParams ? `${kind}(${macroParams})` : kind,
  unit: null,
  description: title.endsWith('.')
    ? title
    : `${title} ${/^[^.]*\./.exec(text)?.[0].replaceAll('\n', ' ') ?? ''}`.trim(),
});

async function columnsOf({ connection, request }: Session, view: SqlFile): Promise<Line[]> {
  if (view.kind === 'function') return [];
  const described = OF_ANY_RELATION.test(view.sql)
    ? view.columns.map(({ name }) => ({ name, type: null }))
    : await describedColumns(connection, view);
  const known = new Map(
    [...readsOf(view.sql, request.catalog.views), view]
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

/** A macro over a relation passes on the columns of that one, whichever it is: only those it adds are known. */
const OF_ANY_RELATION = /\bquery_table\(/;

async function describedColumns(connection: Connection, view: SqlFile): Promise<{ name: string; type: string }[]> {
  const call = view.kind === 'macro' ? `(${view.macroParams.replaceAll(/\w+/g, 'null')})` : '';
  return describe(connection, `(from ${view.name}${call})`);
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
      breakdown: null,
    },
    parts: new Map(),
    topLevel: undefined,
    top: undefined,
  };
}
