import type { Values } from './arguments.ts';
import { readsLogs, type Catalog, type Report } from './catalog.ts';
import { closeDatabase, rows } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { findExplainedLines } from './explained-lines.ts';
import { measureText } from './measured-text.ts';
import { print } from './print.ts';
import { runFile, runQuery, type Result } from './result.ts';
import { openSession, readRequest, type Session } from './session.ts';
import { checkSelect } from './select.ts';

/** A screen that is drawn anew: how many rows of a table it has room for, and what clears it. */
export interface Screen {
  readonly rows: number;
  readonly clear: () => void;
}

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog, screen?: Screen): Promise<void> {
  const request = readRequest(values, catalog, report);
  const sql = [report, ...report.parts].map((file) => file.sql).join('\n');
  // a report of parts says something of all logs beside its window: their number, what was damaged
  const isOfLogs = readsLogs(sql, catalog.views);
  const session = await openSession(request, isOfLogs ? `${sql}\n${WARNING_VIEWS}` : sql, report.parts.length > 0);
  if (sql.includes('measured_text')) await measureText(session.connection, request.params.file as string);
  const result = await runFile(session, report, 'result');
  checkBreakdown(report, result);
  if (sql.includes('explained_lines')) await findExplainedLines(session.connection);
  const parts = new Map<string, Result>();
  let topLevel: Result | undefined;
  for (const part of report.parts) {
    const partResult = await runFile(session, part, `part_${part.name}`);
    if (part.isObject) topLevel = partResult;
    else parts.set(part.name, partResult);
  }
  if (isOfLogs) await addWarnings(session);
  const top = screen ? Math.min(screen.rows, report.top ?? screen.rows) : report.top;
  screen?.clear();
  await print(session, { name: report.name, result, parts, topLevel, top, notes: report.notes });
  for (const { code, condition } of report.exits) if (await hasRow(session, result, condition)) process.exitCode = code;
  // what runs once ends with the process, which is faster
  if (screen) closeDatabase(session.connection);
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
  await print(session, { name: 'query', result, parts: new Map(), topLevel: undefined, top: undefined, notes: [] });
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
