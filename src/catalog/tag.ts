import { ClawtraceError } from '../errors.ts';
import { suggestion } from '../suggestion.ts';

/** One tag of a header: @name text, and where it stands. */
export interface Tag {
  readonly name: string;
  readonly text: string;
  readonly path: string;
  readonly line: number;
}

/** What a file is: a view of layers 1 to 3, a report (or the rows of a report with parts), or another part of one. */
export type Place = 'view' | 'report' | 'part';

interface Rule {
  readonly places: readonly Place[];
  /** Whether text may follow it: never, always, or either. */
  readonly text: 'none' | 'needed' | 'any';
  readonly isMany?: true;
}

const ANYWHERE = ['view', 'report', 'part'] as const;

const RULES: Readonly<Record<string, Rule>> = {
  column: { places: ANYWHERE, text: 'needed', isMany: true },
  total: { places: ANYWHERE, text: 'any', isMany: true },
  param: { places: ['report'], text: 'needed', isMany: true },
  argument: { places: ['report'], text: 'needed', isMany: true },
  replaces: { places: ['report'], text: 'needed' },
  window: { places: ['report'], text: 'needed' },
  key: { places: ['report', 'part'], text: 'needed' },
  top: { places: ['report'], text: 'needed' },
  example: { places: ['report'], text: 'any', isMany: true },
  note: { places: ['report'], text: 'needed', isMany: true },
  empty: { places: ['report'], text: 'needed' },
  exit: { places: ['report'], text: 'needed', isMany: true },
  rereads: { places: ['report'], text: 'none' },
  mends: { places: ['report'], text: 'none' },
  object: { places: ['part'], text: 'none' },
  as: { places: ['part'], text: 'needed' },
  table: { places: ['view'], text: 'none' },
  archived: { places: ['view'], text: 'none' },
  lines: { places: ['view'], text: 'needed' },
  loaded: { places: ['view'], text: 'none' },
  history: { places: ['view'], text: 'none' },
  macro: { places: ['view'], text: 'needed' },
  function: { places: ['view'], text: 'needed' },
};

/** The names of all tags. */
export const TAG_NAMES: readonly string[] = Object.keys(RULES);

const TAG = /^\s*@(\S*)\s*(.*)$/;

export const isTag = (line: string): boolean => TAG.test(line);

/** The tags among the lines of a header; a line that is not a tag continues the one before it. */
export function readTags(lines: readonly string[], path: string, place: Place): Tag[] {
  const tags: Tag[] = [];
  lines.forEach((line, index) => {
    const [, name, text] = TAG.exec(line) ?? [];
    const last = tags.at(-1);
    if (name !== undefined) tags.push({ name, text: text!.trim(), path, line: index + 1 });
    else if (last && line.trim()) tags[tags.length - 1] = { ...last, text: `${last.text} ${line.trim()}`.trim() };
  });
  tags.forEach((tag, index) => checkTag(tag, tags.slice(0, index), place));
  return tags;
}

function checkTag(tag: Tag, before: readonly Tag[], place: Place): void {
  const { name, text } = tag;
  const rule = Object.hasOwn(RULES, name) ? RULES[name]! : undefined;
  if (!rule) {
    const known = TAG_NAMES.map((other) => `@${other}`);
    const near = suggestion(`@${name}`, known);
    throw new ClawtraceError(`${placeOf(tag)}: there is no tag '@${name}'.${near || ` Tags: ${known.join(', ')}.`}`);
  }
  if (!rule.places.includes(place)) refuse(tag, `belongs to a ${rule.places.join(' or a ')}, and this is a ${place}.`);
  if (!rule.isMany && before.some((other) => other.name === name)) refuse(tag, 'can be given only once.');
  if (rule.text === 'none' && text) refuse(tag, `stands alone: remove what follows @${name}.`);
  if (rule.text === 'needed' && !text) refuse(tag, 'is empty: something must follow it.');
}

/** Refuses a comment in the SQL that was meant as a tag: it would be ignored. */
export function checkBody(sql: string, path: string, firstLine: number): void {
  // DuckDB would take what stands before it for the whole
  if (sql.includes('\0')) throw new ClawtraceError(`${path}: holds a NUL character. Remove it.`);
  for (const { 1: name, index } of sql.matchAll(/^[ \t]*-- ?@([a-z]+)\b/gm)) {
    const line = firstLine + sql.slice(0, index).split('\n').length - 1;
    if (Object.hasOwn(RULES, name!))
      throw new ClawtraceError(
        `${path}:${line}: '@${name}' is not in the header: move it into the comment that starts the file, without other lines in between.`,
      );
  }
}

const placeOf = ({ path, line }: Tag): string => `${path}:${line}`;

/** An error with the place of a tag. */
export function refuse(tag: Tag, problem: string): never {
  throw new ClawtraceError(`${placeOf(tag)}: '${`@${tag.name} ${tag.text}`.trim()}' ${problem}`);
}
