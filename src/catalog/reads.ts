import type { Names } from '../database/names.ts';
import type { SqlFile } from './sql-file.ts';

/** Views, macros and functions of the catalogue that SQL names itself. */
export function viewsIn({ tables, functions }: Names, views: readonly SqlFile[]): SqlFile[] {
  return views.filter(({ name, kind }) =>
    kind === 'view' || kind === 'table' ? tables.includes(name) : functions.includes(name),
  );
}

/** The views of these names, and all that they read, in the order in which they must be created. */
export function neededViews(views: readonly SqlFile[], names: readonly string[]): SqlFile[] {
  const ordered = new Set<SqlFile>();
  const visit = (view: SqlFile): void => {
    if (ordered.has(view)) return;
    for (const read of viewsIn(view.names, views)) visit(read);
    ordered.add(view);
  };
  for (const view of views) if (names.includes(view.name)) visit(view);
  return [...ordered];
}

export const namesFrom = (views: readonly SqlFile[]): string[] => views.map(({ name }) => name);

/** Whether SQL reads the logs, directly or not. */
export const areOfLogs = (views: readonly SqlFile[], names: Names): boolean =>
  neededViews(views, namesFrom(viewsIn(names, views))).some(({ name }) => name === 'log_files');

/**
 * Turns tables that no other view reads into views: when all views are created, whether they are asked for
 * or not, they must not cost a pass over the logs.
 */
export function withoutIdleTables(views: readonly SqlFile[]): SqlFile[] {
  const read = new Set(views.flatMap((view) => viewsIn(view.names, views)));
  return views.map((view) =>
    view.kind === 'table' && !read.has(view) && areOfLogs(views, view.names) ? { ...view, kind: 'view' } : view,
  );
}

/** What a text names that reads these tables and views. */
export const namesOfTables = (tables: readonly string[]): Names => ({
  tables,
  functions: [],
  variables: [],
  reads: [],
  isOpen: false,
});

/** What a text names that reads everything. */
export const namesOfAll = (views: readonly SqlFile[]): Names => ({
  ...namesOfTables(namesFrom(views)),
  functions: namesFrom(views),
});

/** What several texts name together. */
export function joinNames(all: readonly Names[]): Names {
  const join = (list: (names: Names) => readonly string[]): string[] => [...new Set(all.flatMap(list))];
  return {
    tables: join(({ tables }) => tables),
    functions: join(({ functions }) => functions),
    variables: join(({ variables }) => variables),
    reads: all.flatMap(({ reads }) => reads),
    isOpen: all.some(({ isOpen }) => isOpen),
  };
}
