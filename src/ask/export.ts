import { counted } from '../counted.ts';
import { statSync } from 'node:fs';
import { writeBeside } from '../files/atomic-file.ts';
import type { Values } from '../request/arguments.ts';
import { isOfLogs, type Catalog, type Report } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import { joinNames, namesOfTables } from '../catalog/reads.ts';
import { openDatabase } from '../database/connection.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import { flatColumns, flatRows, quoted } from '../output/sql-text.ts';
import { packageVersion } from '../package.ts';
import { sayAbout } from '../output/render.ts';
import { describe, runIntoTable, runStatement, withoutShapes, type ResultColumn } from '../session/result.ts';
import { readRequest } from '../request/request.ts';
import type { Session } from '../session/session.ts';
import { open } from './open.ts';
import { targetCheck } from './protected.ts';
import { sourceOf } from './query.ts';
import { checkBreakdown, openForReport } from './report.ts';
import { addWarnings, WARNING_NAMES } from './warnings.ts';
import { writeCsv, writeExcelCsv } from '../export/csv.ts';
import { writeJsonl } from '../export/jsonl.ts';
import { writeParquet } from '../export/parquet.ts';
import { writePartitions } from '../export/partitions.ts';
import type { Rows, Writer } from '../export/rows.ts';

/** What is exported. */
export type Exported =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'view'; readonly view: SqlFile }
  | { readonly kind: 'query'; readonly sql: string };

/** The writer for each ending of a file name. Two of them load a library, only when they are used. */
const WRITERS: Readonly<Record<string, Writer>> = {
  '.parquet': writeParquet,
  '.csv': writeCsv,
  '.jsonl': writeJsonl,
  '.ndjson': writeJsonl,
  '.arrow': async (rows, path) => (await import('../export/arrow.ts')).writeArrowFile(rows, path),
  '.arrows': async (rows, path) => (await import('../export/arrow.ts')).writeArrowStream(rows, path),
  '.xlsx': async (rows, path) => (await import('../export/xlsx.ts')).writeXlsx(rows, path),
};

const ENDINGS = Object.keys(WRITERS).join(', ');

/** Writes rows to a file, or into a folder, and says how many. */
export async function runExport(what: Exported, values: Values, catalog: Catalog): Promise<void> {
  const target = values.output as string | undefined;
  if (!target) throw new ClawtraceError(`export needs -o FILE, such as -o usage.parquet. Endings: ${ENDINGS}.`);
  const keys = (values['partition-by'] as string | undefined)?.split(',').map((key) => key.trim());
  let session: Session | undefined;
  const openRows = async (written: string): Promise<Rows> => {
    const opened = await openExport(what, values, catalog, written);
    session = opened.session;
    return rowsOf(session, what, opened.select);
  };
  const check = targetCheck(values, catalog);
  if (keys) {
    const { rows, files, bytes } = await writePartitions(folderName(target), keys, openRows, check);
    await say(
      session!,
      what,
      `${target}: ${counted(rows, 'row')} in ${counted(files, 'file')}, ${counted(bytes, 'byte')}.`,
    );
    return;
  }
  const write = writerOf(target, Boolean(values.excel));
  check(target);
  const rows = await writeBeside(target, async (temporary) => {
    const given = await openRows(temporary);
    return write(given, temporary);
  });
  await say(session!, what, `${target}: ${counted(rows, 'row')}, ${counted(statSync(target).size, 'byte')}.`);
}

const endingOf = (path: string): string => /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? '';

function writerOf(path: string, isForExcel: boolean): Writer {
  const writer = Object.hasOwn(WRITERS, endingOf(path)) ? WRITERS[endingOf(path)] : undefined;
  if (!writer)
    throw new ClawtraceError(`-o ${path}: the name must end in one of ${ENDINGS}; a folder needs --partition-by.`);
  if (!isForExcel) return writer;
  if (writer !== writeCsv) throw new ClawtraceError('--excel is only for .csv files; .xlsx does not need it.');
  return writeExcelCsv;
}

function folderName(path: string): string {
  if (Object.hasOwn(WRITERS, endingOf(path)))
    throw new ClawtraceError(`-o ${path}: with --partition-by, -o must name a folder for the Parquet files.`);
  return path;
}

/** The user's SQL may read no more than a query may, plus the new file or folder that is written. */
async function openExport(
  what: Exported,
  values: Values,
  catalog: Catalog,
  written: string,
): Promise<{ session: Session; select: string | undefined }> {
  const writable = [written, temporaryFolder()];
  if (what.kind === 'report')
    return { session: await openForReport(what.report, values, catalog, writable), select: undefined };
  const connection = await openDatabase();
  const request = readRequest(values, catalog);
  if (what.kind === 'view') {
    const names = joinNames([WARNING_NAMES, namesOfTables([what.view.name])]);
    const { session } = await open(connection, request, { names });
    return { session, select: `from ${what.view.name} order by ${orderOf(what.view)}` };
  }
  const question = { names: WARNING_NAMES, statements: [{ sql: what.sql, what: 'export' }], isLocked: true, writable };
  const { session, selects } = await open(connection, request, question);
  const [select] = selects;
  if (select!.kind === 'explain') throw new ClawtraceError('export takes one SELECT, not EXPLAIN: query shows plans.');
  return { session, select: sourceOf(select!) };
}

const VIEW = 'exported_rows';

/** The rows as a view, whatever they come from: nothing is computed before it is read. */
async function rowsOf(session: Session, what: Exported, select: string | undefined): Promise<Rows> {
  const { connection, prices } = session;
  const known: ResultColumn[] = [];
  if (what.kind === 'report') {
    const result = await runIntoTable(session, what.report, 'result');
    checkBreakdown(what.report, result);
    const columns = flatColumns(withoutShapes(result));
    known.push(...columns);
    const list = columns.map(({ name }) => (name === result.breakdown ? `part as ${quoted(name)}` : quoted(name)));
    await runStatement(
      connection,
      `create temp view ${VIEW} as select ${list.join(', ')} ${flatRows(result)}`,
      'export',
    );
  } else {
    await runStatement(connection, `create temp view ${VIEW} as\n${select}`, 'export');
  }
  const described = await describe(connection, VIEW);
  const documented = new Map(
    [...known, ...(what.kind === 'view' ? what.view.columns : [])].map((column) => [column.name, column]),
  );
  const columns = described.map(({ name, type }) => ({
    name,
    type,
    unit: documented.get(name)?.unit ?? null,
    description: documented.get(name)?.description ?? null,
    isOptional: false,
  }));
  const origin = { producer: 'clawtrace', clawtrace_version: packageVersion(), price_version: prices.version };
  return { connection, view: VIEW, columns, origin };
}

/** An order that is the same on every run. A response_key is unique. */
const orderOf = ({ columns }: SqlFile): string =>
  ['responded_at', 'response_key'].every((key) => columns.some(({ name }) => name === key))
    ? 'responded_at, response_key'
    : 'all';

async function say(session: Session, what: Exported, message: string): Promise<void> {
  if (what.kind !== 'report' || isOfLogs(what.report)) await addWarnings(session);
  sayAbout(session);
  log.info(message);
}
