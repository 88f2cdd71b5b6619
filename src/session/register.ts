import type { CheckedArchive } from '../archive/parts.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import type { Connection } from '../database/connection.ts';
import { emptyTable } from '../database/records.ts';
import { variableStatements } from '../database/variables.ts';
import { FACT_TABLES } from '../facts/facts.ts';
import type { Request } from '../request/request.ts';
import { NO_LOG_LISTS } from './log-lists.ts';
import { questionVariables, settingVariables } from './request-variables.ts';
import type { Asked } from './asked.ts';
import { sideFileVariables } from './side-files.ts';
import { readsMoreThanArchived, registerViews } from './views.ts';

/** Tells a new database what is asked, and gives it all views, and all tables without a row. */
export async function register(
  connection: Connection,
  request: Request,
  archives: readonly CheckedArchive[],
  { names, rereads = false, variables }: Asked,
  views: readonly SqlFile[],
): Promise<void> {
  const readsLinesAgain = readsMoreThanArchived(names, views);
  const settings = variableStatements({
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
    ...variables,
  });
  const tables = Object.entries(FACT_TABLES).map(([table, columns]) => emptyTable(table, columns));
  await registerViews(connection, [...questionStatements(request), ...settings, ...tables], views);
  await connection.run(WINDOW_STATEMENTS.join(';\n'));
}

/** Tells the database of a session what is asked of it next. */
export async function tellQuestion(connection: Connection, request: Request): Promise<void> {
  await connection.run([...questionStatements(request), ...WINDOW_STATEMENTS].join(';\n'));
}

const questionStatements = (request: Request): string[] => [
  `set TimeZone = '${request.timezone}'`,
  ...variableStatements(questionVariables(request)),
];

const WINDOW_STATEMENTS = [
  'set variable since_at = (select since_at from time_window)',
  'set variable until_at = (select until_at from time_window)',
  'set variable before_at = (select before_at from time_window)',
];
