import type { Values } from './arguments.ts';
import type { Catalog, Report } from './catalog.ts';
import { readParams } from './commands/report.ts';
import { rows } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { print } from './print.ts';
import { runFile, runQuery, type Result } from './result.ts';
import { openSession, readRequest, type Session } from './session.ts';
import { checkSelect } from './select.ts';

/** Runs a report and prints it. */
export async function runReport(report: Report, values: Values, catalog: Catalog): Promise<void> {
  const request = { ...readRequest(values, catalog), params: readParams(report, values) };
  const sql = [report, ...report.parts].map((file) => file.sql).join('\n');
  const session = await openSession(request, `${sql}\n${WARNING_VIEWS}`, report.parts.length > 0);
  const result = await runFile(session, report, 'result');
  checkBreakdown(report, result);
  const parts = new Map<string, Result>();
  let topLevel: Result | undefined;
  for (const part of report.parts) {
    const partResult = await runFile(session, part, `part_${part.name.replaceAll('-', '_')}`);
    if (part.isObject) topLevel = partResult;
    else parts.set(part.name, partResult);
  }
  await addWarnings(session);
  await print(session, { name: report.name, result, parts, topLevel, top: report.top });
}

/** Runs one SELECT of the user over the views, and prints it. */
export async function runUserQuery(sql: string, values: Values, catalog: Catalog): Promise<void> {
  const request = readRequest(values, catalog);
  const session = await openSession(request, request.catalog.views.map((view) => `from ${view.name}`).join('\n'));
  await checkSelect(session.connection, sql);
  const result = await runQuery(session, sql);
  await addWarnings(session);
  await print(session, { name: 'query', result, parts: new Map(), topLevel: undefined, top: undefined });
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
