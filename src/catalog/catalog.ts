import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { readSmallFile, whyUnreadable } from '../files/regular-file.ts';
import { log } from '../log.ts';
import { packagePath } from '../package.ts';
import { isPrintable } from '../printable.ts';
import { checkColumns, checkKeys, checkVariables, IDENTIFIER, parseHeader, type SqlText } from './header.ts';
import { namesOf } from './names.ts';
import { neededViews, viewsIn } from './reads.ts';
import type { SqlFile } from './sql-file.ts';
import type { Place } from './tag.ts';

/** A report: one SELECT, and for a composite the parts beside it. */
export interface Report extends SqlFile {
  readonly parts: readonly SqlFile[];
  /** Names of all views that it reads, directly or not. */
  readonly reads: readonly string[];
  readonly isOwn: boolean;
}

export interface Catalog {
  /** Layers 1 to 3, in the order in which data flows. */
  readonly views: readonly SqlFile[];
  /** Reads one report. A command needs no other: reading all of them takes a while. */
  readonly report: (name: string) => Promise<Report | undefined>;
  /** Reads all reports, by name. */
  readonly reports: () => Promise<readonly Report[]>;
}

const LAYERS = ['1_sources', '2_responses', '3_usage'];
const REPORTS = '4_reports';
const MAIN_PART = 'rows';

/** Reads sql/ and the user's own reports folder. An error in one of the user's reports is a warning, and does not stop the others. */
export async function readCatalog(ownReports?: string, commands: readonly string[] = []): Promise<Catalog> {
  const shipped = findReports(packagePath(`sql/${REPORTS}`), false);
  const own: ReportPlace[] = [];
  for (const place of ownReports ? findOwnReports(ownReports) : []) {
    const isReport = [...shipped, ...own].some(({ name }) => name === place.name);
    const taken = isReport ? 'report' : commands.includes(place.name) ? 'command' : undefined;
    if (!isPrintable(place.name))
      log.warn(`${place.path} is left out: its name holds a character that cannot be seen.`);
    else if (taken) log.warn(`${place.path} is left out: there is a ${taken} '${place.name}' already. Rename it.`);
    else own.push(place);
  }
  const texts = LAYERS.flatMap((layer) => readFolder(packagePath(`sql/${layer}`), layer));
  texts.forEach(checkColumns);
  const views = await Promise.all(texts.map(withNames));
  const places = [...shipped, ...own];
  const read = async (place: ReportPlace): Promise<Report> => checked(inherit(await readReport(place), views));
  return {
    views,
    report: async (name) => {
      const place = places.find((known) => known.name === name);
      return place && read(place);
    },
    reports: async () => {
      const found = await Promise.all(
        places.map(async (place) => (place.isOwn ? attempt(read(place)) : [await read(place)])),
      );
      return found.flat();
    },
  };
}

const withNames = async (text: SqlText): Promise<SqlFile> => ({ ...text, names: await namesOf(text.sql) });

/** Warned about once: serve reads all reports for each request. */
const said = new Set<string>();

/** A user's own report; undefined if its header is wrong. */
async function attempt(reading: Promise<Report>): Promise<Report[]> {
  try {
    return [await reading];
  } catch (error) {
    if (!(error instanceof ClawtraceError)) throw error;
    if (!said.has(error.message)) log.warn(error.message);
    said.add(error.message);
    return [];
  }
}

/** What tags and SQL name may be defined elsewhere: in a view that is read, or in another file of the report. */
function checked(report: Report): Report {
  for (const file of [report, ...report.parts]) {
    checkColumns(file);
    checkKeys(file, file.names);
    checkVariables(file, file.names, report.params);
  }
  return report;
}

/** Whether a report reads the logs, by whatever view. */
export const isOfLogs = ({ reads }: Report): boolean => reads.includes('log_files');

/** Columns and totals that a report passes on from the views it reads are described there, once. */
function inherit({ isOwn, main, parts }: ReportFiles, views: readonly SqlFile[]): Report {
  const passOn = (file: SqlFile): SqlFile => {
    const read = viewsIn(file.names, views);
    const inherited = read
      .flatMap((view) => view.columns)
      .filter((column) => !file.columns.some(({ name }) => name === column.name));
    return {
      ...file,
      columns: [...file.columns, ...inherited],
      totals: file.totals.length > 0 ? file.totals : read.flatMap((view) => view.totals),
    };
  };
  const named = [main, ...parts].flatMap((file) => viewsIn(file.names, views)).map(({ name }) => name);
  return {
    ...passOn(main),
    parts: parts.map(passOn),
    reads: neededViews(views, named).map(({ name }) => name),
    isOwn,
  };
}

function readFolder(folder: string, layer: string): SqlText[] {
  return sqlFiles(folder).map((file) => readText(join(folder, file), basename(file, '.sql'), layer, 'view'));
}

function readText(path: string, name: string, layer: string, place: Place): SqlText {
  return { ...parseHeader(readSql(path).replaceAll('\r\n', '\n'), path, place), name, layer };
}

function readSql(path: string): string {
  try {
    return readSmallFile(path);
  } catch (error) {
    throw new ClawtraceError(`${path}: cannot be read (${whyUnreadable(error)}).`);
  }
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

/** A folder that cannot be looked into stops no other report. */
function findOwnReports(folder: string): ReportPlace[] {
  try {
    return findReports(folder, true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      log.warn(`${folder}: your own reports cannot be read (${whyUnreadable(error)}).`);
    return [];
  }
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

/** The files of a report: the one that gives its rows, and the parts beside it. */
interface ReportFiles {
  readonly isOwn: boolean;
  readonly main: SqlFile;
  readonly parts: readonly SqlFile[];
}

async function readReport({ name, path, isOwn }: ReportPlace): Promise<ReportFiles> {
  if (path.endsWith('.sql'))
    return { isOwn, main: await withNames(readText(path, name, REPORTS, 'report')), parts: [] };
  const files = sqlFiles(path).map((file) => basename(file, '.sql'));
  if (!files.includes(MAIN_PART)) throw new ClawtraceError(`${path}: a report made of parts needs ${MAIN_PART}.sql.`);
  const main = readText(join(path, `${MAIN_PART}.sql`), name, REPORTS, 'report');
  const parts = files.filter((file) => file !== MAIN_PART).map((file) => readPart(path, file));
  const twin = parts.find((part, index) => parts.slice(0, index).some((other) => isSameName(other, part)));
  if (twin) throw new ClawtraceError(`${twin.path}: there is another part '${twin.name}'. Rename it.`);
  return { isOwn, main: await withNames(main), parts: await Promise.all(parts.map(withNames)) };
}

/** Parts become keys of the JSON, which are spelled like columns, and tables of the database, which ignores case. */
function readPart(folder: string, name: string): SqlText {
  const path = join(folder, `${name}.sql`);
  if (!IDENTIFIER.test(name))
    throw new ClawtraceError(
      `${path}: the name of a part has only letters, digits and underscores: '${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}.sql'.`,
    );
  const file = readText(path, name, REPORTS, 'part');
  return { ...file, name: file.as ?? name };
}

const isSameName = (one: SqlText, other: SqlText): boolean => one.name.toLowerCase() === other.name.toLowerCase();
