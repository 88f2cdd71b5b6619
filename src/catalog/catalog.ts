import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import { packagePath } from '../package.ts';

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

/** One SQL file: what its header says, and its one SELECT. */
export interface SqlFile {
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
  const places = [...shipped, ...own];
  const read = (place: ReportPlace): Report => inherit(readReport(place), views);
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

function readReport({ name, path, isOwn }: ReportPlace): Report {
  if (path.endsWith('.sql')) return { ...parseSqlFile(path, name, REPORTS), parts: [], reads: [], isOwn };
  // parts become keys of the JSON, which are spelled like columns
  const files = readFolder(path, REPORTS).map((file) => ({ ...file, name: file.key ?? file.name }));
  const main = files.find((file) => file.name === MAIN_PART);
  if (!main) throw new ClawtraceError(`${path}: a report made of parts needs ${MAIN_PART}.sql.`);
  return { ...main, name, parts: files.filter((file) => file !== main), reads: [], isOwn };
}

function parseSqlFile(path: string, name: string, layer: string): SqlFile {
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
