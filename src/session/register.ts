import type { CheckedArchive } from '../archive/parts.ts';
import { neededViews } from '../catalog/reads.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import type { Connection } from '../database/connection.ts';
import { emptyTable } from '../database/records.ts';
import { variableStatements, type Variable } from '../database/variables.ts';
import { FACT_TABLES } from '../facts/facts.ts';
import type { Request } from '../request/request.ts';
import type { Asked } from './asked.ts';
import { NO_LOG_LISTS } from './log-lists.ts';
import { questionVariables, settingVariables } from './request-variables.ts';
import { attachStatement } from './shipped.ts';
import { NO_PRICES, sideFileVariables } from './side-files.ts';
import { literalPath } from '../files/literal-path.ts';
import { createInPlace, isFilledLater, readsMoreThanArchived } from './views.ts';

/** Tells a new database what is asked, and gives it all views, and the tables that are filled later. */
export async function register(
  connection: Connection,
  request: Request,
  archives: readonly CheckedArchive[],
  { names, rereads = false, variables }: Asked,
  views: readonly SqlFile[],
): Promise<void> {
  const readsLinesAgain = readsMoreThanArchived(names, views);
  const all = { ...registeredVariables(request, archives, readsLinesAgain, rereads), ...variables };
  const read = new Set([
    ...ALWAYS_SET,
    ...[names, ...views.map((view) => view.names)].flatMap((each) => each.variables),
  ]);
  const set = Object.entries(all).filter(([name]) => read.has(name) || name.startsWith('param_'));
  await connection.run(
    [
      attachStatement(request.catalog.views),
      `set TimeZone = '${request.timezone}'`,
      ...variableStatements(Object.fromEntries(set)),
      ...Object.entries(FACT_TABLES).map(([table, columns]) => emptyTable(table, columns, 'temp ')),
      ...WINDOW_STATEMENTS,
    ].join(';\n'),
  );
  const isShipped = isShippedAsIs(request, all.own_price_file![0] !== literalPath(NO_PRICES));
  await createInPlace(
    connection,
    views.filter((view) => !isShipped(view) && !isFilledLater(view, views)),
    views,
  );
}

/** Variables that this program reads itself. */
const ALWAYS_SET = ['archive_parts', 'empty_file', 'now', ...Object.keys(NO_LOG_LISTS)];

/** What SQL is told before the logs are known. */
export const registeredVariables = (
  request: Request,
  archives: readonly CheckedArchive[],
  readsLinesAgain: boolean,
  rereads: boolean,
): Record<string, Variable> => ({
  ...questionVariables(request),
  ...settingVariables(request, archives),
  ...sideFileVariables(request),
  ...NO_LOG_LISTS,
  reads_lines_again: [readsLinesAgain, 'boolean'],
  // if the logs are read again anyway, the archive saves nothing
  rereads: [rereads || readsLinesAgain, 'boolean'],
  // typed, for the views that are created before the window is known
  since_at: [null, 'timestamptz'],
  until_at: [null, 'timestamptz'],
  before_at: [null, 'timestamptz'],
});

/** Whether the shipped database has a view as this session needs it: prices of the user change all that reads prices. */
function isShippedAsIs(request: Request, hasPrices: boolean): (view: SqlFile) => boolean {
  const shipped = new Map(request.catalog.views.map((view) => [view.name, view.kind]));
  const readsPrices = (view: SqlFile): boolean =>
    neededViews(request.catalog.views, [view.name]).some(({ names }) => names.variables.includes('own_price_file'));
  return (view) => view.kind === shipped.get(view.name) && !(hasPrices && view.kind === 'table' && readsPrices(view));
}

/** Tells the database of a session what is asked of it next. */
export async function tellQuestion(connection: Connection, request: Request): Promise<void> {
  await connection.run(
    [
      `set TimeZone = '${request.timezone}'`,
      ...variableStatements(questionVariables(request)),
      ...WINDOW_STATEMENTS,
    ].join(';\n'),
  );
}

const WINDOW_STATEMENTS = [
  'set variable since_at = (select since_at from time_window)',
  'set variable until_at = (select until_at from time_window)',
  'set variable before_at = (select before_at from time_window)',
];
