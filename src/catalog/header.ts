import type { Names } from '../database/names.ts';
import { ClawtraceError } from '../errors.ts';
import { isPrintable } from '../printable.ts';
import { suggestion } from '../suggestion.ts';
import { parseColumns, type Column } from './column.ts';
import { parseParams, variableName, type Param } from './param.ts';
import { checkBody, isTag, readTags, refuse, type Place, type Tag } from './tag.ts';

/** An exit code, and the condition on a row that gives it. */
export interface Exit {
  readonly code: number;
  readonly condition: string;
}

/** What the text of a SQL file says: its header, and its one SELECT. */
export interface Header {
  readonly path: string;
  /** The first line, with the rest of its paragraph if the line ends within a sentence. */
  readonly title: string;
  readonly text: string;
  /** A macro gives rows, a function one value. */
  readonly kind: 'view' | 'table' | 'macro' | 'function';
  readonly macroParams: string;
  readonly params: readonly Param[];
  readonly columns: readonly Column[];
  /** Names of the columns that its own header describes; a report has others from what it reads. */
  readonly ownColumns: readonly string[];
  /** Columns that the rows of a breakdown share with the row they split; none without a breakdown. */
  readonly keys: readonly string[];
  readonly totals: readonly string[];
  readonly examples: readonly string[];
  /** What it assumes, printed below the rows. */
  readonly notes: readonly string[];
  /** A part whose one row gives keys of the JSON's top level. */
  readonly isObject: boolean;
  /** The name of a part in the JSON, if its file cannot have that name. */
  readonly as: string | undefined;
  /** Most rows that a table shows; other formats have all of them. */
  readonly top: number | undefined;
  /** What to say if there are no rows. */
  readonly empty: string | undefined;
  /** What the exit code says about the rows. */
  readonly exits: readonly Exit[];
  /** Whether the archive keeps the rows of the table. */
  readonly isArchived: boolean;
  /** Keys, such as message.usage, that a log line has if it can matter to who reads usage. */
  readonly lines: readonly string[];
  /** Whether its rows are loaded into a table if many questions follow. */
  readonly isLoaded: boolean;
  /** Whether reading it requires the logs of all days, whatever the window. */
  readonly isHistory: boolean;
  /** Whether the logs are read even if the archive holds them. */
  readonly rereads: boolean;
  /** Whether it goes on without parts that an archive has lost. */
  readonly mends: boolean;
  /** The parameter that is the window in days, where the command line names no other. */
  readonly windowParam: string | undefined;
  readonly sql: string;
  /** The line where the SQL starts, and the tags with their lines: for checks that come later. */
  readonly sqlLine: number;
  readonly tags: readonly Tag[];
}

/** One SQL file as it is written. */
export interface SqlText extends Header {
  readonly name: string;
  readonly layer: string;
}

/** A name that SQL takes without quotes. */
export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads the text of a SQL file. Any mistake in its header is an error with file and line. */
export function parseHeader(source: string, path: string, place: Place): Header {
  const header = /^(?:--.*\n)+/.exec(source)?.[0] ?? '';
  const lines = header.split('\n').map((line) => line.replace(/^-- ?/, ''));
  const tags = readTags(lines, path, place);
  const of = (name: string): Tag[] => tags.filter((tag) => tag.name === name);
  const textOf = (name: string): string | undefined => of(name)[0]?.text;
  const columns = parseColumns(tags);
  const params = parseParams(tags);
  checkCharacters(lines, path);
  const sql = source.slice(header.length).trim();
  const sqlLine = source.slice(0, source.length - source.slice(header.length).trimStart().length).split('\n').length;
  checkBody(sql, path, sqlLine);
  return {
    path,
    ...parseTitle(lines, path),
    ...parseKind(tags),
    params,
    columns,
    ownColumns: columns.map(({ name }) => name),
    keys: of('key').flatMap(namesOfTag),
    totals: parseTotals(of('total')),
    examples: of('example').map(({ text }) => text),
    notes: of('note').map(({ text }) => text),
    isObject: of('object').length > 0,
    as: parseAs(of('as')[0]),
    top: parseTop(of('top')[0]),
    empty: textOf('empty'),
    exits: of('exit').map(parseExit),
    isArchived: of('archived').length > 0,
    lines: of('lines').flatMap(namesOfTag),
    isLoaded: of('loaded').length > 0,
    isHistory: of('history').length > 0,
    rereads: of('rereads').length > 0,
    mends: of('mends').length > 0,
    windowParam: parseWindow(of('window')[0], params),
    sql,
    sqlLine,
    tags,
  };
}

/** A header is shown on terminals, and must be what it looks like. */
function checkCharacters(lines: readonly string[], path: string): void {
  const index = lines.findIndex((line) => !isPrintable(line.replaceAll('\t', ' ')));
  if (index >= 0) throw new ClawtraceError(`${path}:${index + 1}: holds a character that cannot be seen. Remove it.`);
}

function parseTitle(lines: readonly string[], path: string): { title: string; text: string } {
  const untilTags = lines.slice(
    0,
    lines.findIndex((line, index) => isTag(line) || index === lines.length - 1),
  );
  const first = untilTags[0]?.trim();
  if (!first) throw new ClawtraceError(`${path}:1: the first line must be a comment that says what it shows.`);
  const end = untilTags.findIndex((line) => !line.trim());
  const titleLines = /[.!?]$/.test(first) ? 1 : end < 0 ? untilTags.length : end;
  const title = untilTags.slice(0, titleLines).map((line) => line.trim());
  return { title: title.join(' '), text: untilTags.slice(titleLines).join('\n').trim() };
}

function parseKind(tags: readonly Tag[]): Pick<Header, 'kind' | 'macroParams'> {
  const [first, second] = tags.filter(({ name }) => ['table', 'macro', 'function'].includes(name));
  if (second) refuse(second, `and '@${first!.name}' exclude each other: use one of them.`);
  if (!first) return { kind: 'view', macroParams: '' };
  if (first.name !== 'table' && !namesOfTag(first).every((name) => IDENTIFIER.test(name)))
    refuse(first, 'should name its parameters, separated by commas.');
  return { kind: first.name as 'table' | 'macro' | 'function', macroParams: first.text };
}

const namesOfTag = ({ text }: Tag): string[] => text.split(/\s*,\s*/);

/** Without names, there are no totals. */
function parseTotals(tags: readonly Tag[]): string[] {
  const alone = tags.find(({ text }) => !text);
  if (alone && tags.length > 1) refuse(alone, 'means no totals, but another @total names some.');
  return tags.flatMap(namesOfTag);
}

function parseAs(tag: Tag | undefined): string | undefined {
  if (tag && !IDENTIFIER.test(tag.text)) refuse(tag, 'should be a name of letters, digits and underscores.');
  return tag?.text;
}

function parseTop(tag: Tag | undefined): number | undefined {
  if (tag && !/^[1-9]\d{0,8}$/.test(tag.text)) refuse(tag, 'should be a number of rows.');
  return tag && Number(tag.text);
}

function parseExit(tag: Tag): Exit {
  const match = /^(\d{1,3}) when (.+)$/.exec(tag.text);
  const code = Number(match?.[1]);
  if (!match || code < 1 || code > 255) refuse(tag, "should be a code from 1 to 255, 'when' and a condition on a row.");
  return { code, condition: match[2]! };
}

function parseWindow(tag: Tag | undefined, params: readonly Param[]): string | undefined {
  const days = params.filter(({ type }) => type === 'days').map(({ name }) => name);
  if (tag && !days.includes(tag.text))
    refuse(tag, `should name a parameter of the type DAYS.${suggestion(tag.text, days)}`);
  return tag?.text;
}

/** Columns that tags name must be described: in the header itself, or in a view that the file reads. */
export function checkColumns({ tags, columns }: SqlText): void {
  for (const tag of tags.filter(({ name, text }) => (name === 'total' || name === 'key') && text)) {
    const known = columns.map(({ name }) => name);
    const unknown = namesOfTag(tag).find((name) => !known.includes(name));
    if (unknown !== undefined)
      refuse(tag, `names '${unknown}', which no @column describes.${suggestion(unknown, known)}`);
  }
}

/** Only a report that calls usage_by can split its rows. */
export function checkKeys({ tags }: SqlText, { functions }: Names): void {
  const tag = tags.find(({ name }) => name === 'key');
  if (tag && !functions.includes('usage_by')) refuse(tag, 'is only for a report that calls usage_by.');
}

/** A param_ variable that SQL or a condition reads must belong to a parameter: any other is NULL, without an error. */
export function checkVariables(
  { path, sql, sqlLine, tags }: SqlText,
  { variables: read }: Names,
  params: readonly Param[],
): void {
  const variables = params.map(({ name }) => variableName(name));
  const check = (name: string, text: string, line: number): void => {
    const problem = variableError(name, variables);
    const place = line + text.slice(0, text.indexOf(`'${name}'`)).split('\n').length - 1;
    if (problem) throw new ClawtraceError(`${path}:${place}: ${problem}`);
  };
  for (const name of read) check(name, sql, sqlLine);
  // DuckDB itself refuses a misspelled column in a condition
  for (const tag of tags.filter(({ name }) => name === 'exit'))
    for (const [, name] of tag.text.matchAll(/\bgetvariable\('([^']*)'\)/gi)) check(name!, tag.text, tag.line);
}

function variableError(name: string, variables: readonly string[]): string | undefined {
  if (variables.includes(variableName(name)))
    return `read the parameter '${name}' as getvariable('${variableName(name)}').`;
  if (!name.startsWith(variableName('')) || variables.includes(name)) return undefined;
  return `getvariable('${name}') belongs to no parameter of the report.${suggestion(name, variables)}`;
}
