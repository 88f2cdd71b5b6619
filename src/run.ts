import type { Values } from './arguments.ts';
import type { Catalog, Report } from './catalog.ts';
import { rows } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { findExplainedLines } from './explained-lines.ts';
import { print } from './print.ts';
import { runFile, runQuery, type Result } from './result.ts';
import { openSession, readRequest, type Session } from './session.ts';
import { checkSelect } from './select.ts';

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog, report);
  const sql = [report, ...report.parts].map((file) => file.sql).join('\n');
  // a report of parts says something of all logs beside its window: their number, what was damaged
  const session = await openSession(request, `${sql}\n${WARNING_VIEWS}`, report.parts.length > 0);
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
  await addWarnings(session);
  await print(session, { name: report.name, result, parts, topLevel, top: report.top });
  for (const { code, condition } of report.exits) if (await hasRow(session, result, condition)) process.exitCode = code;
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
export function mentioned(sql: string, { views }: Catalog): string {
  const named = views.filter((view) => new RegExp(`\\b${view.name}\\b`, 'i').test(sql));
  return `${WARNING_VIEWS}\n${named.map((view) => `from ${view.name}`).join('\n')}`;
}

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
