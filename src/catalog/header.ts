import { ClawtraceError } from '../errors.ts';
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
  /** The first line, with the rest of its paragraph where the line ends within a sentence. */
  readonly title: string;
  readonly text: string;
  /** A macro gives rows, a function one value. */
  readonly kind: 'view' | 'table' | 'macro' | 'function';
  readonly macroParams: string;
  readonly params: readonly Param[];
  readonly columns: readonly Column[];
  /** Names of the columns that its own header describes; a report has others from what it reads. */
  readonly ownColumns: readonly string[];
  /** Columns that the rows of a breakdown have in common with the row they split; none where there is no breakdown. */
  readonly keys: readonly string[];
  readonly totals: readonly string[];
  readonly examples: readonly string[];
  /** What it takes for granted, said below the rows. */
  readonly notes: readonly string[];
  /** A part whose one row gives keys of the JSON's top level. */
  readonly isObject: boolean;
  /** The name of a part in the JSON, where its file cannot have it. */
  readonly as: string | undefined;
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
  /** The line that the SQL starts in, and the tags with theirs: for what can only be checked later. */
  readonly sqlLine: number;
  readonly tags: readonly Tag[];
}

/** One SQL file. */
export interface SqlFile extends Header {
  readonly name: string;
  readonly layer: string;
}

/** What can be a name in SQL without quotes. */
export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads the text of a SQL file. Whatever its header says wrongly is an error with file and line. */
export function parseHeader(source: string, path: string, place: Place): Header {
  const header = /^(?:--.*\n)+/.exec(source)?.[0] ?? '';
  const lines = header.split('\n').map((line) => line.replace(/^-- ?/, ''));
  const tags = readTags(lines, path, place);
  const of = (name: string): Tag[] => tags.filter((tag) => tag.name === name);
  const textOf = (name: string): string | undefined => of(name)[0]?.text;
  const columns = parseColumns(tags);
  const params = parseParams(tags);
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
    keys: parseKeys(of('key')[0], sql, path, place),
    totals: parseTotals(of('total')),
    examples: of('example').map(({ text }) => text),
    notes: of('note').map(({ text }) => text),
    isObject: of('object').length > 0,
    as: parseAs(of('as')[0]),
    top: parseTop(of('top')[0]),
    empty: textOf('empty'),
    exits: of('exit').map(parseExit),
    rereads: of('rereads').length > 0,
    windowParam: parseWindow(of('window')[0], params),
    sql,
    sqlLine,
    tags,
  };
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
  if (second) refuse(second, `excludes '@${first!.name}': a view is one of them.`);
  if (!first) return { kind: 'view', macroParams: '' };
  if (first.name !== 'table' && !namesIn(first).every((name) => IDENTIFIER.test(name)))
    refuse(first, 'should name its parameters, with commas between them.');
  return { kind: first.name as 'table' | 'macro' | 'function', macroParams: first.text };
}

const namesIn = ({ text }: Tag): string[] => text.split(/\s*,\s*/);

const withoutComments = (sql: string): string => sql.replaceAll(/--.*$/gm, '');

/** A report that sums by usage_by can split its rows, unless it leaves the parts out. */
function parseKeys(tag: Tag | undefined, sql: string, path: string, place: Place): string[] {
  const plain = withoutComments(sql);
  const canSplit = place !== 'view' && /\busage_by\s*\(/i.test(plain) && !/\bnot\s+is_part\b/i.test(plain);
  if (canSplit && !tag)
    throw new ClawtraceError(
      `${path}: it calls usage_by, so that --breakdown can split its rows: say '@key a, b' with the columns that tell one row from another, or leave the parts out with 'where not is_part'.`,
    );
  if (tag && !canSplit) refuse(tag, "is only for a report that calls usage_by, without 'not is_part'.");
  return tag ? namesIn(tag) : [];
}

/** Alone, it sums nothing. */
function parseTotals(tags: readonly Tag[]): string[] {
  const alone = tags.find(({ text }) => !text);
  if (alone && tags.length > 1) refuse(alone, 'sums nothing, and another @total does.');
  return tags.flatMap(namesIn);
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
export function checkColumns({ tags, columns }: SqlFile): void {
  for (const tag of tags.filter(({ name, text }) => (name === 'total' || name === 'key') && text)) {
    const known = columns.map(({ name }) => name);
    const unknown = namesIn(tag).find((name) => !known.includes(name));
    if (unknown !== undefined)
      refuse(tag, `names '${unknown}', which no @column describes.${suggestion(unknown, known)}`);
  }
}

/** Variables of parameters that SQL and conditions read must be those of a parameter: others are NULL, and say nothing. */
export function checkVariables({ path, sql, sqlLine, tags, columns }: SqlFile, params: readonly Param[]): void {
  const variables = params.map(({ name }) => variableName(name));
  const check = (text: string, line: number): void => {
    for (const { 1: name, index } of text.matchAll(/\bgetvariable\s*\(\s*'([^']*)'\s*\)/gi)) {
      const problem = variableError(name!, variables);
      if (problem)
        throw new ClawtraceError(`${path}:${line + text.slice(0, index).split('\n').length - 1}: ${problem}`);
    }
  };
  check(sql, sqlLine);
  for (const tag of tags.filter(({ name }) => name === 'exit')) {
    check(tag.text, tag.line);
    checkCondition(tag, [...variables, ...columns.map(({ name }) => name)]);
  }
}

const SQL_WORDS = ['and', 'or', 'not', 'is', 'null', 'true', 'false', 'in', 'between', 'like'];

/** A condition that is SQL may hold any word; one that names nothing that is known, but nearly does, is misspelled. */
function checkCondition(tag: Tag, known: readonly string[]): void {
  const words = /^\d+ when (.+)$/.exec(tag.text)![1]!.match(/[A-Za-z_]\w*/g) ?? [];
  if (words.some((word) => known.includes(word))) return;
  const names = words.filter((word) => !SQL_WORDS.includes(word.toLowerCase()));
  const near = names.map((word) => suggestion(word, known)).find((text) => text);
  if (near) refuse(tag, `names no column that is described, and no parameter.${near}`);
}

function variableError(name: string, variables: readonly string[]): string | undefined {
  if (variables.includes(variableName(name)))
    return `the parameter '${name}' comes as getvariable('${variableName(name)}').`;
  if (!name.startsWith(variableName('')) || variables.includes(name)) return undefined;
  return `getvariable('${name}') is of no parameter of the report.${suggestion(name, variables)}`;
}
