import { isOfLogs, type Catalog, type Report } from '../catalog/catalog.ts';
import { joinNames } from '../catalog/reads.ts';
import { afterwards } from '../afterwards.ts';
import { openDatabase, rows } from '../database/connection.ts';
import type { Names } from '../database/names.ts';
import { ClawtraceError, QueryError } from '../errors.ts';
import { print, type Shown } from '../output/render.ts';
import type { Values } from '../request/arguments.ts';
import { readRequest, type Request } from '../request/request.ts';
import { explain } from '../session/explain.ts';
import { tellQuestion } from '../session/register.ts';
import { runIntoTable, type Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { factsFor, tellFacts } from '../session/tell.ts';
import { open } from './open.ts';
import { addWarnings, WARNING_NAMES } from './warnings.ts';
import { keepRead } from './keep-read.ts';
import { KEPT_NAMES } from './write-archive.ts';

/** A report that was run: its rows stay in the session's database. */
export interface Ran extends Shown {
  readonly session: Session;
}

/** A screen that is redrawn: how many rows of a table fit, and how to clear it. */
export interface Screen {
  readonly rows: number;
  readonly clear: () => void;
}

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog, screen?: Screen): Promise<void> {
  const ran = await openReport(report, values, catalog);
  await printReport(report, ran, screen);
  if (isKept(report, ran.session.request)) afterwards(() => keepRead(ran.session));
}

/** A report of the user's own locks its database. One that reads logs again keeps nothing of what is kept already. */
const isKept = (report: Report, request: Request): boolean =>
  request.isKept && isOfLogs(report) && !report.isOwn && !report.rereads;

/** Prints a report that was run, and sets the exit code that its rows give. */
export async function printReport(report: Report, ran: Ran, screen?: Screen): Promise<void> {
  const { session, result } = ran;
  if (isOfLogs(report)) await addWarnings(session);
  const top = screen ? Math.min(screen.rows, report.top ?? screen.rows) : report.top;
  screen?.clear();
  await print(session, { ...ran, top });
  for (const { code, condition } of report.exits)
    if (await hasRow(session, result, condition, report.path)) process.exitCode = code;
}

/** Runs a report, and prints nothing yet. */
export async function openReport(report: Report, values: Values, catalog: Catalog): Promise<Ran> {
  const session = await openForReport(report, values, catalog);
  return { session, ...(await runParts(session, report)) };
}

/** A session with everything that a report reads. A user's own report may do no more than a query. */
export async function openForReport(
  report: Report,
  values: Values,
  catalog: Catalog,
  writable: readonly string[] = [],
): Promise<Session> {
  // DuckDB opens while the request is read
  const opening = openDatabase();
  // where the request is wrong as well, that is said
  opening.catch(() => undefined);
  const request = readRequest(values, catalog, report);
  const { session } = await open(await opening, request, {
    names: joinNames([namesOfReport(report), ...(isKept(report, request) ? [KEPT_NAMES] : [])]),
    statements: report.isOwn ? statementsOf(report) : [],
    isLocked: report.isOwn,
    writable,
    // a report with parts also covers all logs, not only its window: how many there are, which are damaged
    readsAllTime: report.parts.length > 0,
    rereads: report.rereads,
    mends: report.mends,
  });
  return session;
}

/** Runs several reports over logs that are read once, and passes on the result of each before the next one runs. */
export async function runReports(
  reports: readonly Report[],
  values: Values,
  catalog: Catalog,
  take: (session: Session, report: Report, shown: Shown | ClawtraceError) => Promise<void>,
): Promise<Session> {
  const { session } = await open(await openDatabase(), readRequest(values, catalog), {
    names: joinNames(reports.map(namesOfReport)),
    readsAllTime: true,
    asksOften: true,
  });
  for (const report of reports) {
    const own = { ...session, request: readRequest(values, catalog, report) };
    await tellQuestion(own.connection, own.request);
    await take(own, report, await runParts(own, report).catch(mendable));
  }
  await tellQuestion(session.connection, session.request);
  await addWarnings(session);
  return session;
}

async function mendable(thrown: unknown): Promise<ClawtraceError> {
  const error = await explain(thrown);
  if (error instanceof ClawtraceError) return error;
  throw error;
}

/** What a report names, and what its warnings name. */
function namesOfReport(report: Report): Names {
  const own = [report, ...report.parts].map(({ names }) => names);
  return joinNames(isOfLogs(report) ? [...own, WARNING_NAMES] : own);
}

/** All SQL of a report. */
const statementsOf = (report: Report) =>
  [report, ...report.parts].flatMap(({ sql, path, exits }) => [
    { sql, what: path },
    ...exits.map(({ condition }) => ({ sql: `from result where ${condition}`, what: path })),
  ]);

/** The rows of a report and of its parts, in tables of the session's database. */
async function runParts(session: Session, report: Report): Promise<Shown> {
  const result = await runIntoTable(session, report, 'result');
  checkBreakdown(report, result);
  const facts = report.parts.flatMap(({ names }) => factsFor(names, session.views));
  await tellFacts(
    { ...session, ...session.found, inDatabases: [], say: (warning) => session.warnings.push(warning) },
    facts.filter(({ readsResult }) => readsResult),
  );
  const parts = new Map<string, Result>();
  let topLevel: Result | undefined;
  for (const part of report.parts) {
    const partResult = await runIntoTable(session, part, `part_${part.name}`);
    if (part.isObject) topLevel = partResult;
    else parts.set(part.name, partResult);
  }
  const { name, top, empty, notes } = report;
  return { name, result, parts, topLevel, top, empty, notes };
}

async function hasRow({ connection }: Session, { table }: Result, condition: string, path: string): Promise<boolean> {
  try {
    return (await rows(connection, `from ${table} where ${condition} limit 1`)).length > 0;
  } catch (error) {
    throw new QueryError(`${path}: @exit`, (error as Error).message);
  }
}

export function checkBreakdown(report: Report, { breakdown, columns }: Result): void {
  if (breakdown && columns.some(({ name }) => name === breakdown)) {
    throw new ClawtraceError(`${report.name} already has a row for each ${breakdown}. Use another --breakdown.`);
  }
}
