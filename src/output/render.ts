import { log } from '../log.ts';
import { readCells } from './cells.ts';
import { toCsv } from './csv.ts';
import { toJson, toNdjson } from './json.ts';
import { toMarkdown } from './markdown.ts';
import type { Format } from '../request/options.ts';
import { rows } from '../database/connection.ts';
import { QueryError } from '../errors.ts';
import { withoutShapes, type Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';

/** What a command shows: a report, its parts if it has any, and how many rows a table has room for. */
export interface Shown {
  readonly name: string;
  readonly result: Result;
  readonly parts: ReadonlyMap<string, Result>;
  /** One row whose keys are at the top level of the JSON. */
  readonly topLevel: Result | undefined;
  readonly top: number | undefined;
  /** What to say if there are no rows. */
  readonly empty?: string | undefined;
  /** What the report assumes. */
  readonly notes?: readonly string[];
  /** Replaces the table for people. */
  readonly text?: string;
}

/** In pieces, none of which is large: any number of rows fits into the memory. */
type Renderer = (session: Session, shown: Shown) => AsyncIterable<string>;

const RENDERERS: Record<Format, Renderer> = {
  table,
  json: (session, { name, result, parts, topLevel, notes }) =>
    toJson(
      session,
      name,
      withoutShapes(result),
      new Map([...parts].map(([part, rowsOfPart]) => [part, withoutShapes(rowsOfPart)])),
      topLevel,
      notes ?? [],
    ),
  ndjson: (session, { result }) => toNdjson(session, withoutShapes(result)),
  csv: (session, { result }) => toCsv(session, withoutShapes(result)),
  markdown: (session, { result }) => toMarkdown(session, result),
};

/** The result as text, in the format that is asked for. */
export function render(session: Session, shown: Shown): AsyncIterable<string> {
  return RENDERERS[session.request.format](session, shown);
}

/** Writes the result to stdout, and nothing else anywhere. */
export async function show(session: Session, shown: Shown): Promise<void> {
  try {
    for await (const text of render(session, shown)) await write(text);
  } catch (error) {
    const { message } = error as Error;
    throw IS_OF_DUCKDB.test(message) ? new QueryError(shown.name, message) : error;
  }
}

/** It reads rows as they are written: a value may be one that cannot be, and the work may be stopped. */
const IS_OF_DUCKDB = /^[A-Z][A-Za-z]*( [A-Z][A-Za-z]*)* Error: /;

/** Writes the result to stdout, and what there is to say about it to stderr. */
export async function print(session: Session, shown: Shown): Promise<void> {
  const { format } = session.request;
  await show(session, shown);
  if (format === 'json') return sayIfEmpty(session);
  for (const note of shown.notes ?? []) log.info(`note: ${note}`);
  sayAbout(session);
}

/** Prints what there is to know about the logs that were read. */
export function sayAbout(session: Session): void {
  sayIfEmpty(session);
  for (const warning of session.warnings) log.warn(warning);
}

function sayIfEmpty(session: Session): void {
  if (!isEmpty(session)) return;
  const { found, request } = session;
  log.info('No logs found. Looked in:', ...found.roots.map(({ path }) => path));
  log.info(
    `Name other places with --logs GLOB${request.isDemo ? '' : ', or try the sample logs: clawtrace daily --demo'}`,
  );
}

/** The rows, and below them those of each part under its name. */
async function* table(session: Session, shown: Shown): AsyncGenerator<string> {
  if (shown.text !== undefined) return yield shown.text;
  const texts = [await oneTable(session, shown.result, shown)];
  for (const [name, part] of shown.parts) {
    const text = await oneTable(session, part, shown);
    if (text) texts.push(`${headline(name)}\n${text}`);
  }
  yield texts.join('\n');
}

/** Rows of a table at most: all of them are held to measure its columns, and nobody reads more. */
const MOST_ROWS = 10_000;

/** by_model and byModel are both shown as "by model". */
const headline = (name: string): string => name.replaceAll(/_|(?=[A-Z])/g, ' ').toLowerCase();

async function oneTable(session: Session, result: Result, { result: main, top, empty }: Shown): Promise<string> {
  const most = Math.min(top ?? MOST_ROWS, MOST_ROWS);
  const cells = await readCells(session, result, most);
  if (cells.lines.length === 0) {
    // said once for a report with parts
    if (result === main && !isEmpty(session)) log.info(empty ?? 'No usage matches.');
    return '';
  }
  const { stdout } = process;
  // what draws tables is loaded for tables only
  const { drawTable } = await import('./table.ts');
  const { text, hidden } = drawTable(dropEmptyColumns(cells), {
    // some terminals do not know their width and say 0
    width: (stdout.isTTY && stdout.columns) || undefined,
    hasColor: stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  });
  if (hidden.length > 0) log.info(`Hidden (terminal too narrow): ${hidden.join(', ')}. --json has everything.`);
  if (cells.lines.length === most) await sayRest(session, result, most);
  return text;
}

/** Unpriced responses are of interest only where there are any, some columns only with a value. */
function dropEmptyColumns(cells: Awaited<ReturnType<typeof readCells>>): typeof cells {
  const isEmpty = cells.columns.map(({ name, needsValue }, index) => {
    const nothing = name === 'unpriced_responses' ? '0' : null;
    return (needsValue || nothing === '0') && cells.lines.every((line) => (line.cells[index] ?? nothing) === nothing);
  });
  const without = <Value>(values: readonly Value[]): Value[] => values.filter((_, index) => !isEmpty[index]);
  return {
    columns: without(cells.columns),
    lines: cells.lines.map((line) => ({ ...line, cells: without(line.cells) })),
    totals: cells.totals && without(cells.totals),
  };
}

async function sayRest(session: Session, result: Result, top: number): Promise<void> {
  const [counted] = await rows(session.connection, `select count(*)::integer as rows from ${result.table}`);
  if ((counted!.rows as number) > top)
    log.info(
      `The first ${top} of ${counted!.rows} rows${result.totals.length > 0 ? '; the totals include all' : ''}. --json has them all.`,
    );
}

/** Whether there is nothing to read at all. */
const isEmpty = ({ found, archives }: Session): boolean =>
  found.files.length === 0 && found.roots.length > 0 && archives.length === 0;

/** Waits until stdout has taken it all: a pipe may be slow, or closed by its reader. */
async function write(text: string): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(text, (error) =>
      error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? fail(error) : done(),
    );
  });
}
