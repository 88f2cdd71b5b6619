import { isUtf8 } from 'node:buffer';
import { blocksOf, countLines, NEWLINE, splitLines } from '../files/file-lines.ts';
import { isObject, parseObject } from '../files/json-object.ts';

/** A line that DuckDB cannot read, and what can be recovered from it. */
export interface RefusedLine {
  readonly line_number: number;
  readonly problem: string;
  readonly records: readonly object[];
  /** False if the line is truncated: the part that breaks off is lost. */
  readonly isWhole: boolean;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Finds the lines of a file that a strict JSON parser rejects. expected is how many DuckDB refused: damage that
 * shows in the bytes is looked for first, because that is fast; only if that does not account for all
 * of them is every line parsed.
 */
export async function findRefusedLines(path: string, expected: number): Promise<RefusedLine[]> {
  const visible = await scan(
    path,
    expected,
    isSound,
    (line, isLast) => damageOf(line) ?? (isLast ? syntaxOf(line) : undefined),
  );
  if (visible.length >= expected) return visible;
  return scan(
    path,
    Infinity,
    () => false,
    (line) => damageOf(line) ?? syntaxOf(line),
  );
}

async function scan(
  path: string,
  enough: number,
  canSkip: (block: Buffer) => boolean,
  problemOf: (line: Buffer, isLast: boolean) => string | undefined,
): Promise<RefusedLine[]> {
  const refused: RefusedLine[] = [];
  let line_number = 0;
  try {
    for await (const block of blocksOf(path)) {
      if (refused.length >= enough) break;
      if (canSkip(block)) line_number += countLines(block);
      else
        for (const { line, isLast } of splitLines(block)) {
          line_number++;
          const problem = problemOf(line, isLast);
          if (problem) refused.push({ line_number, problem, ...readRecords(line) });
        }
    }
  } catch (error) {
    // the archive is truncated, or the file vanished: what came before is read
    refused.push({ line_number: line_number + 1, problem: (error as Error).message, records: [], isWhole: false });
  }
  return refused.filter(({ problem }) => problem !== HARMLESS);
}

/** True if no line of a block can show damage: most blocks pass at once. */
function isSound(block: Buffer): boolean {
  const isWhole = block.at(-1) === NEWLINE && isUtf8(block) && !block.includes(0);
  return isWhole && !block.includes('\\ud') && !block.includes('\\uD');
}

/** Damage that shows without parsing. */
function damageOf(line: Buffer): string | undefined {
  if (line.includes(0)) return 'NUL bytes';
  if (line.subarray(0, 3).equals(BOM)) return 'byte order mark';
  if (!isUtf8(line)) return 'invalid UTF-8';
  if ((line.includes('\\ud') || line.includes('\\uD')) && hasLoneSurrogate(line.toString('utf8')))
    return 'half a surrogate pair';
  return undefined;
}

/** Any escape, so that the second half of an escaped backslash is not taken for the start of one. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|[^])/g;

function hasLoneSurrogate(text: string): boolean {
  let high = -1;
  for (const match of text.matchAll(ESCAPE)) {
    const code = match[1] ? Number.parseInt(match[1], 16) : 0;
    const isHigh = code >= 0xd800 && code < 0xdc00;
    const isLow = code >= 0xdc00 && code < 0xe000;
    const isPaired = isLow && high === match.index - 6;
    if (isLow !== isPaired || (high >= 0 && !isPaired)) return true;
    high = isHigh ? match.index : -1;
  }
  return high >= 0;
}

/** JSON that is not a log line is not damage: a bare number, a list, an object without any of our fields. */
const HARMLESS = 'no log line';

function syntaxOf(line: Buffer): string | undefined {
  if (line.length === 0 || line.toString('latin1').trim() === '') return undefined;
  try {
    return isObject(JSON.parse(line.toString('utf8'))) ? undefined : HARMLESS;
  } catch {
    return 'broken JSON';
  }
}

/** What can be read of a damaged line: one record, or several that were glued together. */
function readRecords(line: Buffer): { records: object[]; isWhole: boolean } {
  const text = new TextDecoder().decode(line).replaceAll('\0', '').trim();
  const records: object[] = [];
  let at = 0;
  let isWhole = true;
  while (at < text.length) {
    const end = text[at] === '{' ? endOfObject(text, at) : -1;
    const record = end < 0 ? undefined : parseObject(text.slice(at, end));
    if (record) {
      records.push(record);
      at = end;
    } else {
      isWhole &&= text[at] !== '{';
      at = nextStart(text, at + 1);
    }
  }
  return { records, isWhole: isWhole && records.length > 0 };
}

/** First fields of the log lines that agents write. */
const LINE_START = /\{"(?:type|parentUuid|isSidechain|uuid|id|sessionId|timestamp|message|agentId|requestId|cwd)":/g;

/** Where a line begins that was appended to a broken one; inner objects have no message of their own. */
function nextStart(text: string, from: number): number {
  LINE_START.lastIndex = from;
  for (let match = LINE_START.exec(text); match; match = LINE_START.exec(text)) {
    const end = endOfObject(text, match.index);
    const record = end < 0 ? undefined : parseObject(text.slice(match.index, end));
    if (
      record &&
      isObject((record as { message?: unknown }).message) &&
      text.slice(end).trim().startsWith('{') === (text.slice(end).trim() !== '')
    )
      return match.index;
  }
  return text.length;
}

/** The position after the object that begins at the start, or -1 if it breaks off. */
function endOfObject(text: string, start: number): number {
  const token = /["{}]|\\[^]/g;
  token.lastIndex = start;
  let depth = 0;
  let inString = false;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '"') inString = !inString;
    else if (!inString && match[0] === '{') depth++;
    else if (!inString && match[0] === '}' && --depth === 0) return match.index + 1;
  }
  return -1;
}
