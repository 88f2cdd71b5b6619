import { log } from './log.ts';
import { readCells } from './output/cells.ts';
import { toCsv } from './output/csv.ts';
import { toJson, toNdjson } from './output/json.ts';
import { toMarkdown } from './output/markdown.ts';
import { drawTable } from './output/table.ts';
import type { Format } from './arguments.ts';
import { rows } from './database.ts';
import { withoutShapes, type Result } from './result.ts';
import type { Session } from './session.ts';

/** What a command shows: a report, its parts if it has any, and how many rows a table has room for. */
export interface Shown {
  readonly name: string;
  readonly result: Result;
  readonly parts: ReadonlyMap<string, Result>;
  /** One row whose keys stand at the top of the JSON. */
  readonly topLevel: Result | undefined;
  readonly top: number | undefined;
}

type Renderer = (session: Session, shown: Shown) => Promise<string>;

const RENDERERS: Record<Format, Renderer> = {
  table,
  json: (session, { name, result, parts, topLevel }) =>
    toJson(
      session,
      name,
      withoutShapes(result),
      new Map([...parts].map(([part, rowsOfPart]) => [part, withoutShapes(rowsOfPart)])),
      topLevel,
    ),
  ndjson: (session, { result }) => toNdjson(session, withoutShapes(result)),
  csv: (session, { result }) => toCsv(session, withoutShapes(result)),
  markdown: async (session, { result }) => toMarkdown(await readCells(session, result, undefined)),
};

/** Writes the result to stdout, and what there is to say about it to stderr. */
export async function print(session: Session, shown: Shown): Promise<void> {
  const { format } = session.request;
  await write(await RENDERERS[format](session, shown));
  if (session.found.files.length === 0) log.info(noLogs(session));
  if (format !== 'json') sayWarnings(session);
}

export function sayWarnings({ warnings }: Session): void {
  for (const warning of warnings) log.warn(warning);
}

/** The rows, and below them those of each part under its name. */
async function table(session: Session, shown: Shown): Promise<string> {
  const texts = [await oneTable(session, shown.result, shown.top)];
  for (const [name, part] of shown.parts) {
    const text = await oneTable(session, part, shown.top);
    if (text) texts.push(`${name.replaceAll('_', ' ')}\n${text}`);
  }
  return texts.join('\n');
}

async function oneTable(session: Session, result: Result, top: number | undefined): Promise<string> {
  const cells = await readCells(session, result, top);
  if (cells.lines.length === 0) {
    if (session.found.files.length > 0) log.info('No usage matches.');
    return '';
  }
  const { stdout } = process;
  const { text, hidden } = drawTable(dropEmptyColumns(cells), {
    width: stdout.isTTY ? stdout.columns : undefined,
    hasColor: stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  });
  if (hidden.length > 0) log.info(`Not shown for want of width: ${hidden.join(', ')}. --json has everything.`);
  if (cells.lines.length === top) await sayRest(session, result, top);
  return text;
}

/** The column of unpriced responses is of interest only where there are any. */
function dropEmptyColumns(cells: Awaited<ReturnType<typeof readCells>>): typeof cells {
  const index = cells.columns.findIndex(({ name }) => name === 'unpriced_responses');
  if (index < 0 || cells.lines.some((line) => line.cells[index] !== '0')) return cells;
  const without = <Value>(values: readonly Value[]): Value[] => values.filter((_, position) => position !== index);
  return {
    columns: without(cells.columns),
    lines: cells.lines.map((line) => ({ ...line, cells: without(line.cells) })),
    totals: cells.totals && without(cells.totals),
  };
}

async function sayRest(session: Session, result: Result, top: number): Promise<void> {
  const [counted] = await rows(session.connection, `select count(*)::integer as rows from ${result.table}`);
  if ((counted!.rows as number) > top)
    log.info(`The first ${top} of ${counted!.rows} rows; the totals are of all. --json has them all.`);
}

export function noLogs({ found, request }: Session): string {
  const places = found.roots.map((root) => `  ${root.path}`).join('\n');
  return `No logs found. Looked in:\n${places}\nName other places with --logs GLOB${request.isDemo ? '' : ', or try the sample logs: clawtrace daily --demo'}`;
}

/** Waits until stdout has taken it all: a pipe may be slow, or closed by its reader. */
async function write(text: string): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(text, (error) =>
      error && (error as NodeJS.ErrnoException).code !== 'EPIPE' ? fail(error) : done(),
    );
  });
}
