import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import { packagePath } from '../package.ts';
import { checkColumns, checkVariables, IDENTIFIER, parseHeader, type SqlFile } from './header.ts';
import type { Place } from './tag.ts';

/** A report: one SELECT, and for a composite the parts beside it. */
export interface Report extends SqlFile {
  readonly parts: readonly SqlFile[];
  /** Names of all views that it reads, in whatever way. */
  readonly reads: readonly string[];
  readonly isOwn: boolean;
}

export interface Catalog {
  /** Layers 1 to 3, in the order in which data flows. */
  readonly views: readonly SqlFile[];
  /** Reads one report. A command needs no other: reading all of them takes a while. */
  readonly report: (name: string) => Report | undefined;
  /** Reads all reports, by name. */
  readonly reports: () => readonly Report[];
}

const LAYERS = ['1_sources', '2_responses', '3_usage'];
const REPORTS = '4_reports';
const MAIN_PART = 'rows';

/** Reads sql/ and the user's own reports folder. What is wrong with one of the user's own is said, and stops no other. */
export function readCatalog(ownReports: string, commands: readonly string[] = []): Catalog {
  const shipped = findReports(packagePath(`sql/${REPORTS}`), false);
  const own: ReportPlace[] = [];
  for (const place of existsSync(ownReports) ? findReports(ownReports, true) : []) {
    const isReport = [...shipped, ...own].some(({ name }) => name === place.name);
    const taken = isReport ? 'report' : commands.includes(place.name) ? 'command' : undefined;
    if (taken) log.warn(`${place.path} is left out: there is a ${taken} '${place.name}' already. Rename it.`);
    else own.push(place);
  }
  const views = LAYERS.flatMap((layer) => readFolder(packagePath(`sql/${layer}`), layer));
  views.forEach(checkColumns);
  const places = [...shipped, ...own];
  const read = (place: ReportPlace): Report => checked(inherit(readReport(place), views));
  return {
    views,
    report: (name) => places.filter((place) => place.name === name).map(read)[0],
    reports: () => places.flatMap((place) => (place.isOwn ? attempt(() => read(place)) : read(place))),
  };
}

/** Said once: serve asks for all reports with each request. */
const said = new Set<string>();

/** A report of the user's own, or none where its header is wrong. */
function attempt(read: () => Report): Report[] {
  try {
    return [read()];
  } catch (error) {
    if (!(error instanceof ClawtraceError)) throw error;
    if (!said.has(error.message)) log.warn(error.message);
    said.add(error.message);
    return [];
  }
}

/** What tags and SQL name can be somewhere else: in a view that is read, or in another file of the report. */
function checked(report: Report): Report {
  for (const file of [report, ...report.parts]) {
    checkColumns(file);
    checkVariables(file, report.params);
  }
  return report;
}

/** Columns and totals that a report passes on from the views it reads are described there, once. */
function inherit(report: Report, views: readonly SqlFile[]): Report {
  const passOn = <File extends SqlFile>(file: File): File => {
    const read = readsOf(file.sql, views);
    const inherited = read
      .flatMap((view) => view.columns)
      .filter((column) => !file.columns.some(({ name }) => name === column.name));
    return {
      ...file,
      columns: [...file.columns, ...inherited],
      totals: file.totals.length > 0 ? file.totals : read.flatMap((view) => view.totals),
    };
  };
  const sql = [report, ...report.parts].map((file) => file.sql).join('\n');
  return {
    ...passOn(report),
    parts: report.parts.map(passOn),
    reads: neededViews(views, sql).map(({ name }) => name),
  };
}

/** Views that a text reads, and those they read, in the order in which they must be created. */
export function neededViews(views: readonly SqlFile[], sql: string): SqlFile[] {
  const ordered: SqlFile[] = [];
  const visit = (text: string): void => {
    for (const view of readsOf(text, views)) {
      if (ordered.includes(view)) continue;
      visit(view.sql);
      if (!ordered.includes(view)) ordered.push(view);
    }
  };
  visit(sql);
  return ordered;
}

/** Names of views that a text reads, found as words after FROM or JOIN; a function is called anywhere. */
export function readsOf(sql: string, views: readonly SqlFile[]): SqlFile[] {
  const { names, called } = wordsOf(sql);
  return views.filter((view) => names.has(view.name) || (view.kind === 'function' && called.has(view.name)));
}

interface Words {
  readonly names: ReadonlySet<string>;
  readonly called: ReadonlySet<string>;
}

/** Every command asks what the same texts read, many times over: 10 of its first milliseconds. */
const known = new Map<string, Words>();

function wordsOf(sql: string): Words {
  const all = (pattern: RegExp): Set<string> => new Set([...sql.matchAll(pattern)].map((match) => match[1]!));
  const words = known.get(sql) ?? {
    names: all(/\b(?:from|join)\s+\(*\s*(?:from\s+)?([a-z_0-9]+)/gi),
    called: all(/\b([a-z_0-9]+)\(/gi),
  };
  known.set(sql, words);
  return words;
}

/** True if a text reads the logs, by whatever view. */
export function readsLogs(sql: string, views: readonly SqlFile[]): boolean {
  return neededViews(views, sql).some(({ name }) => name === 'log_files');
}

/**
 * Tables that no other view reads, as views: where all views are created, whether they are asked for
 * or not, a pass over the logs must not be made for them.
 */
export function withoutIdleTables(views: readonly SqlFile[]): SqlFile[] {
  const read = new Set(views.flatMap((view) => readsOf(view.sql, views)).map(({ name }) => name));
  const isIdle = ({ kind, name, sql }: SqlFile): boolean =>
    kind === 'table' && !read.has(name) && readsLogs(sql, views);
  return views.map((view) => (isIdle(view) ? { ...view, kind: 'view' } : view));
}

function readFolder(folder: string, layer: string): SqlFile[] {
  return sqlFiles(folder).map((file) => readFile(join(folder, file), basename(file, '.sql'), layer, 'view'));
}

function readFile(path: string, name: string, layer: string, place: Place): SqlFile {
  return { ...parseHeader(readFileSync(path, 'utf8').replaceAll('\r\n', '\n'), path, place), name, layer };
}

function sqlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

/** Where a report is: a file, or a folder of its parts. */
interface ReportPlace {
  readonly name: string;
  readonly path: string;
  readonly isOwn: boolean;
}

function findReports(folder: string, isOwn: boolean): ReportPlace[] {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    ...sqlFiles(folder).map((file) => ({ name: commandOf(basename(file, '.sql')), path: join(folder, file), isOwn })),
    ...folders.map(({ name }) => ({ name: commandOf(name), path: join(folder, name), isOwn })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** archive.status.sql is the command archive status, cost_report cost-report. */
const commandOf = (fileName: string): string => fileName.replaceAll('_', '-').replaceAll('.', ' ');

function readReport({ name, path, isOwn }: ReportPlace): Report {
  if (path.endsWith('.sql')) return { ...readFile(path, name, REPORTS, 'report'), parts: [], reads: [], isOwn };
  const files = sqlFiles(path).map((file) => basename(file, '.sql'));
  if (!files.includes(MAIN_PART)) throw new ClawtraceError(`${path}: a report made of parts needs ${MAIN_PART}.sql.`);
  const main = readFile(join(path, `${MAIN_PART}.sql`), name, REPORTS, 'report');
  const parts = files.filter((file) => file !== MAIN_PART).map((file) => readPart(path, file));
  const twin = parts.find((part, index) => parts.slice(0, index).some((other) => isSameName(other, part)));
  if (twin) throw new ClawtraceError(`${twin.path}: there is another part '${twin.name}'. Rename it.`);
  return { ...main, parts, reads: [], isOwn };
}

/** Parts become keys of the JSON, which are spelled like columns, and tables of the database, which ignores case. */
function readPart(folder: string, name: string): SqlFile {
  const path = join(folder, `${name}.sql`);
  if (!IDENTIFIER.test(name))
    throw new ClawtraceError(
      `${path}: the name of a part has only letters, digits and underscores: '${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}.sql'.`,
    );
  const file = readFile(path, name, REPORTS, 'part');
  return { ...file, name: file.as ?? name };
}

const isSameName = (one: SqlFile, other: SqlFile): boolean => one.name.toLowerCase() === other.name.toLowerCase();
