import type { Values } from '../request/arguments.ts';
import { readsLogs, type Catalog, type Report } from '../catalog/catalog.ts';
import { openDatabase, rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { findExplainedLines } from './explained-lines.ts';
import { lockDown } from '../session/lockdown.ts';
import { measureText } from './measured-text.ts';
import { print, type Shown } from '../output/render.ts';
import { readRequest } from '../request/request.ts';
import { runFile, type Result } from '../session/result.ts';
import { openSession, tellRequest, type Session } from '../session/session.ts';
import { checkSelect } from '../database/checked-select.ts';

/** A report that was run: its rows stay in the session's database. */
export interface Ran extends Shown {
  readonly session: Session;
}

/** A screen that is drawn anew: how many rows of a table it has room for, and what clears it. */
export interface Screen {
  readonly rows: number;
  readonly clear: () => void;
}

/** Runs a report, and prints nothing yet. */
export async function openReport(report: Report, values: Values, catalog: Catalog): Promise<Ran> {
  const session = await openFor(report, values, catalog);
  return { session, ...(await answer(session, report)) };
}

/** A session that has what a report reads, and lets a report of the user's own do no more than a query may. */
export async function openFor(
  report: Report,
  values: Values,
  catalog: Catalog,
  writable: readonly string[] = [],
): Promise<Session> {
  // it opens while the request is read
  const opening = openDatabase();
  const request = readRequest(values, catalog, report);
  const sql = sqlOf(report);
  const connection = await opening;
  if (report.isOwn) await checkReport(connection, report);
  const session = await openSession(request, isOfLogs(report, catalog) ? `${sql}\n${WARNING_VIEWS}` : sql, {
    connection,
    // a report of parts says something of all logs beside its window: their number, what was damaged
    readsAllTime: report.parts.length > 0,
    rereads: report.rereads,
  });
  if (report.isOwn) await lockDown(session, sql, writable);
  if (sql.includes('measured_text')) await measureText(session.connection, request.params.file as string);
  return session;
}

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog, screen?: Screen): Promise<Ran> {
  const ran = await openReport(report, values, catalog);
  const { session, result } = ran;
  if (isOfLogs(report, catalog)) await addWarnings(session);
  const top = screen ? Math.min(screen.rows, report.top ?? screen.rows) : report.top;
  screen?.clear();
  await print(session, { ...ran, top });
  for (const { code, condition } of report.exits) if (await hasRow(session, result, condition)) process.exitCode = code;
  return ran;
}

/** Runs several reports over logs that are read once, and hands the answer of each on before the next is asked. */
export async function runReports(
  reports: readonly Report[],
  values: Values,
  catalog: Catalog,
  take: (session: Session, report: Report, shown: Shown | ClawtraceError) => Promise<void>,
): Promise<Session> {
  const sql = `${reports.map(sqlOf).join('\n')}\n${WARNING_VIEWS}`;
  const session = await openSession(readRequest(values, catalog), sql, { readsAllTime: true, asksOften: true });
  for (const report of reports) {
    const own = { ...session, request: readRequest(values, catalog, report) };
    await tellRequest(own);
    await take(own, report, await answer(own, report).catch(mendable));
  }
  await tellRequest(session);
  await addWarnings(session);
  return session;
}

function mendable(error: unknown): ClawtraceError {
  if (error instanceof ClawtraceError) return error;
  throw error;
}

export const isOfLogs = (report: Report, { views }: Catalog): boolean => readsLogs(sqlOf(report), views);

const sqlOf = (report: Report): string => [report, ...report.parts].map(({ sql }) => sql).join('\n');

/** The rows of a report and of its parts, in tables of the session's database. */
async function answer(session: Session, report: Report): Promise<Shown> {
  const result = await runFile(session, report, 'result');
  checkBreakdown(report, result);
  if (sqlOf(report).includes('explained_lines')) await findExplainedLines(session.connection);
  const parts = new Map<string, Result>();
  let topLevel: Result | undefined;
  for (const part of report.parts) {
    const partResult = await runFile(session, part, `part_${part.name}`);
    if (part.isObject) topLevel = partResult;
    else parts.set(part.name, partResult);
  }
  const { name, top, empty, notes } = report;
  return { name, result, parts, topLevel, top, empty, notes };
}

/** A report of the user's own may do what a query may: such files are passed on. */
async function checkReport(connection: Connection, report: Report): Promise<void> {
  for (const file of [report, ...report.parts]) {
    await checkSelect(connection, file.sql, file.path);
    for (const { condition } of file.exits) await checkSelect(connection, `from result where ${condition}`, file.path);
  }
}

async function hasRow({ connection }: Session, { table }: Result, condition: string): Promise<boolean> {
  return (await rows(connection, `from ${table} where ${condition} limit 1`)).length > 0;
}

/** What addWarnings asks. */
export const WARNING_VIEWS = 'from log_warnings join usage_doubts join usage';

/** Adds what the numbers leave out. Pricing everything once more is spared where nothing can be amiss. */
export async function addWarnings({ connection, request, warnings }: Session): Promise<void> {
  const say = async (sql: string): Promise<void> => {
    for (const row of await rows(connection, sql)) warnings.push(row.message as string);
  };
  await say('from log_warnings');
  const [doubts] = await rows(connection, 'from usage_doubts');
  if (doubts!.has_doubts) await say(request.catalog.views.find((view) => view.name === 'usage_warnings')!.sql);
}

export function checkBreakdown(report: Report, { breakdown, columns }: Result): void {
  if (breakdown && columns.some(({ name }) => name === breakdown)) {
    throw new ClawtraceError(`${report.name} has a row for each ${breakdown} already. Use another --breakdown.`);
  }
}
