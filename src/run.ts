import type { Values } from './arguments.ts';
import type { Catalog, Report } from './catalog.ts';
import { rows } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { findExplainedLines } from './explained-lines.ts';
import { print, type Shown } from './print.ts';
import { runFile, runQuery, type Result } from './result.ts';
import { openSession, readRequest, tellRequest, type Session } from './session.ts';
import { checkSelect } from './select.ts';

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog, report);
  // a report of parts says something of all logs beside its window: their number, what was damaged
  const session = await openSession(request, `${sqlOf(report)}\n${WARNING_VIEWS}`, report.parts.length > 0);
  const shown = await answer(session, report);
  await addWarnings(session);
  await print(session, shown);
  for (const { code, condition } of report.exits) {
    if (await hasRow(session, shown.result, condition)) process.exitCode = code;
  }
}

/** Runs several reports over logs that are read once, and hands the answer of each on before the next is asked. */
export async function runReports(
  reports: readonly Report[],
  values: Values,
  catalog: Catalog,
  take: (session: Session, report: Report, shown: Shown | ClawtraceError) => Promise<void>,
): Promise<Session> {
  const session = await openSession(
    readRequest(values, catalog),
    `${reports.map(sqlOf).join('\n')}\n${WARNING_VIEWS}`,
    true,
  );
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
  return { name: report.name, result, parts, topLevel, top: report.top };
}

async function hasRow({ connection }: Session, { table }: Result, condition: string): Promise<boolean> {
  return (await rows(connection, `from ${table} where ${condition} limit 1`)).length > 0;
}

/** Runs one SELECT of the user over the views, and prints it. */
export async function runUserQuery(sql: string, values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog);
  const session = await openSession(request, mentioned(sql, catalog));
  await checkSelect(session.connection, sql);
  const result = await runQuery(session, sql);
  await addWarnings(session);
  await print(session, { name: 'query', result, parts: new Map(), topLevel: undefined, top: undefined });
}

/** Views that a SELECT names, in whatever way: some cost a pass over the logs of their own. */
function mentioned(sql: string, { views }: Catalog): string {
  const named = views.filter((view) => new RegExp(`\\b${view.name}\\b`, 'i').test(sql));
  return `${WARNING_VIEWS}\n${named.map((view) => `from ${view.name}`).join('\n')}`;
}

const WARNING_VIEWS = 'from log_warnings join usage_doubts join usage';

/** Adds what the numbers leave out. Pricing everything once more is spared where nothing can be amiss. */
async function addWarnings({ connection, request, warnings }: Session): Promise<void> {
  const say = async (sql: string): Promise<void> => {
    for (const row of await rows(connection, sql)) warnings.push(row.message as string);
  };
  await say('from log_warnings');
  const [doubts] = await rows(connection, 'from usage_doubts');
  if (doubts!.has_doubts) await say(request.catalog.views.find((view) => view.name === 'usage_warnings')!.sql);
}

function checkBreakdown(report: Report, { breakdown, columns }: Result): void {
  if (breakdown && columns.some(({ name }) => name === breakdown)) {
    throw new ClawtraceError(`${report.name} has a row for each ${breakdown} already. Use another --breakdown.`);
  }
}
