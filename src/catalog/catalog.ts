import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import type { Names } from '../database/names.ts';
import { packagePath } from '../package.ts';
import { namesOf } from './names.ts';
import { neededViews, viewsIn } from './reads.ts';

export interface Param {
  readonly name: string;
  readonly type: 'boolean' | 'integer' | 'number' | 'days' | 'text';
  readonly description: string;
  /** Given as an argument, not as an option. */
  readonly isArgument: boolean;
  /** The values it may have; empty for any. */
  readonly choices: readonly string[];
  /** Its value when none is given; undefined: NULL, unless it must be given. */
  readonly default: string | undefined;
  readonly isRequired: boolean;
}

/** An exit code, and the condition on a row that gives it. */
export interface Exit {
  readonly code: number;
  readonly condition: string;
}

export interface Column {
  readonly name: string;
  readonly description: string;
  readonly unit: string | undefined;
  /** Left out of a table that would not fit the terminal. */
  readonly isOptional: boolean;
  /** Left out of a table where no row has a value. */
  readonly needsValue: boolean;
}

/** One SQL file: what its header says, its one SELECT, and what that names. */
export interface SqlFile extends SqlText {
  readonly names: Names;
}

/** One SQL file as it is written. */
export interface SqlText {
  readonly name: string;
  readonly layer: string;
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** A macro gives rows, a function one value. */
  readonly kind: 'view' | 'table' | 'macro' | 'function';
  readonly macroParams: string;
  readonly params: readonly Param[];
  readonly columns: readonly Column[];
  /** Names of the columns that its own header describes; a report has others from what it reads. */
  readonly ownColumns: readonly string[];
  readonly totals: readonly string[];
  readonly examples: readonly string[];
  /** What it takes for granted, said below the rows. */
  readonly notes: readonly string[];
  /** A part whose one row gives keys of the JSON's top level. */
  readonly isObject: boolean;
  /** The name of a part in the JSON, where its file cannot have it. */
  readonly key: string | undefined;
  /** Rows that a table shows; other formats have them all. */
  readonly top: number | undefined;
  /** What to say where there are no rows. */
  readonly empty: string | undefined;
  /** What the exit code says of the rows. */
  readonly exits: readonly Exit[];
  /** Whether the archive keeps the rows of the table. */
  readonly isArchived: boolean;
  /** Whether what can be read of damaged lines is added to the table. */
  readonly isRepaired: boolean;
  /** Whether its rows are loaded into a table where many questions follow. */
  readonly isLoaded: boolean;
  /** Whether the logs of all days are read for it, whatever the window. */
  readonly isHistory: boolean;
  /** Whether the logs are read even where the archive holds them. */
  readonly rereads: boolean;
  /** The parameter that is the window in days, where the command line names no other. */
  readonly windowParam: string | undefined;
  readonly sql: string;
}

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
  readonly report: (name: string) => Promise<Report | undefined>;
  /** Reads all reports, by name. */
  readonly reports: () => Promise<readonly Report[]>;
}

const LAYERS = ['1_sources', '2_responses', '3_usage'];
const REPORTS = '4_reports';
const MAIN_PART = 'rows';

/** Reads sql/ and the user's own reports folder. What is wrong with one of the user's own is said, and stops no other. */
export async function readCatalog(ownReports?: string, commands: readonly string[] = []): Promise<Catalog> {
  const shipped = findReports(packagePath(`sql/${REPORTS}`), false);
  const own: ReportPlace[] = [];
  for (const place of ownReports && existsSync(ownReports) ? findReports(ownReports, true) : []) {
    const isReport = [...shipped, ...own].some(({ name }) => name === place.name);
    const taken = isReport ? 'report' : commands.includes(place.name) ? 'command' : undefined;
    if (taken) log.warn(`${place.path} is left out: there is a ${taken} '${place.name}' already. Rename it.`);
    else own.push(place);
  }
  const texts = LAYERS.flatMap((layer) => readFolder(packagePath(`sql/${layer}`), layer));
  const views = await Promise.all(texts.map(withNames));
  const places = [...shipped, ...own];
  const read = async (place: ReportPlace): Promise<Report> => inherit(await readReport(place), views);
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

/** Said once: serve asks for all reports with each request. */
const said = new Set<string>();

/** A report of the user's own, or none where its header is wrong. */
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
  return sqlFiles(folder).map((file) => parseSqlFile(join(folder, file), basename(file, '.sql'), layer));
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

/** The files of a report: the one that gives its rows, and the parts beside it. */
interface ReportFiles {
  readonly isOwn: boolean;
  readonly main: SqlFile;
  readonly parts: readonly SqlFile[];
}

async function readReport({ name, path, isOwn }: ReportPlace): Promise<ReportFiles> {
  if (path.endsWith('.sql')) return { isOwn, main: await withNames(parseSqlFile(path, name, REPORTS)), parts: [] };
  // parts become keys of the JSON, which are spelled like columns
  const texts = readFolder(path, REPORTS).map((file) => ({ ...file, name: file.key ?? file.name }));
  const files = await Promise.all(texts.map(withNames));
  const main = files.find((file) => file.name === MAIN_PART);
  if (!main) throw new ClawtraceError(`${path}: a report made of parts needs ${MAIN_PART}.sql.`);
  return { isOwn, main: { ...main, name }, parts: files.filter((file) => file !== main) };
}

function parseSqlFile(path: string, name: string, layer: string): SqlText {
  const source = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const header = /^(?:--.*\n)+/.exec(source)?.[0] ?? '';
  const lines = header.split('\n').map((line) => line.replace(/^-- ?/, ''));
  const tags = joinTags(lines);
  const title = lines[0]?.trim();
  if (!title) throw new ClawtraceError(`${path}: the first line must be a comment that says what it shows.`);
  const columns = tags.filter((tag) => tag.name === 'column').map((tag) => parseColumn(tag.text));
  const macro = tags.find((tag) => tag.name === 'macro' || tag.name === 'function');
  return {
    name,
    layer,
    path,
    title,
    text: lines
      .slice(
        1,
        lines.findIndex((line) => line.startsWith('@')),
      )
      .join('\n')
      .trim(),
    kind: macro ? (macro.name as 'macro' | 'function') : tags.some((tag) => tag.name === 'table') ? 'table' : 'view',
    macroParams: macro?.text ?? '',
    params: tags
      .filter((tag) => tag.name === 'param' || tag.name === 'argument')
      .map((tag) => parseParam(tag.text, tag.name === 'argument', path)),
    columns,
    ownColumns: columns.map(({ name }) => name),
    totals: tags.filter((tag) => tag.name === 'total').flatMap((tag) => tag.text.split(/\s*,\s*/)),
    examples: tags.filter((tag) => tag.name === 'example').map((tag) => tag.text),
    notes: tags.filter((tag) => tag.name === 'note').map((tag) => tag.text),
    isObject: tags.some((tag) => tag.name === 'object'),
    key: tags.find((tag) => tag.name === 'key')?.text,
    top: Number(tags.find((tag) => tag.name === 'top')?.text) || undefined,
    empty: tags.find((tag) => tag.name === 'empty')?.text,
    exits: tags.filter((tag) => tag.name === 'exit').map((tag) => parseExit(tag.text, path)),
    isArchived: tags.some((tag) => tag.name === 'archived'),
    isRepaired: tags.some((tag) => tag.name === 'repaired'),
    isLoaded: tags.some((tag) => tag.name === 'loaded'),
    isHistory: tags.some((tag) => tag.name === 'history'),
    rereads: tags.some((tag) => tag.name === 'rereads'),
    windowParam: tags.find((tag) => tag.name === 'window')?.text,
    sql: source.slice(header.length).trim(),
  };
}

function joinTags(lines: string[]): { name: string; text: string }[] {
  const tags: { name: string; text: string }[] = [];
  for (const line of lines) {
    const tag = /^@([a-z]+)\s*(.*)$/.exec(line);
    const last = tags.at(-1);
    if (tag) tags.push({ name: tag[1]!, text: tag[2]!.trim() });
    else if (last && line.trim()) last.text += ` ${line.trim()}`;
  }
  return tags;
}

const PARAM_TYPES = { BOOLEAN: 'boolean', INTEGER: 'integer', NUMBER: 'number', DAYS: 'days', TEXT: 'text' } as const;

/** name TYPE, perhaps (a|b) for the values it may have, =default or ! for must be given, then what it does. */
function parseParam(text: string, isArgument: boolean, path: string): Param {
  const match = /^([a-z_]+)\s+([A-Z]+)(?:\(([^)]+)\))?(?:=(\S*)|(!))?\s+(.+)$/.exec(text);
  const type = PARAM_TYPES[match?.[2] as keyof typeof PARAM_TYPES];
  if (!match || !type) {
    throw new ClawtraceError(
      `${path}: '@param ${text}' should be a name, one of ${Object.keys(PARAM_TYPES).join(', ')}, and what it does.`,
    );
  }
  return {
    name: match[1]!,
    type,
    description: match[6]!,
    isArgument,
    choices: match[3]?.split('|').map((choice) => choice.trim()) ?? [],
    default: match[4],
    isRequired: Boolean(match[5]) || (isArgument && match[4] === undefined),
  };
}

function parseExit(text: string, path: string): Exit {
  const match = /^([0-9]+) when (.+)$/.exec(text);
  if (!match) throw new ClawtraceError(`${path}: '@exit ${text}' should be a code, 'when' and a condition on a row.`);
  return { code: Number(match[1]), condition: match[2]! };
}

function parseColumn(text: string): Column {
  const match = /^(\S+)\s*(.*?)\s*(?:\{([^},]*)(?:,\s*(optional|if any))?\})?$/.exec(text);
  return {
    name: match?.[1] ?? text,
    description: match?.[2] ?? '',
    unit: match?.[3] || undefined,
    isOptional: match?.[4] === 'optional' || match?.[3] === 'shape',
    needsValue: match?.[4] !== undefined || match?.[3] === 'shape',
  };
}
