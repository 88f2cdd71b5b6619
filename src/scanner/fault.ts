import { isUtf8 } from 'node:buffer';
import { BOM } from '../files/file-lines.ts';
import { isObject, parseObject } from '../files/json-object.ts';
import { LONGEST_LINE } from './machine.ts';

/** A line that is not one whole object. */
export interface Fault {
  readonly line_number: number;
  readonly line: Buffer;
}

/** What became of a line that is damaged, or of an object that is spread over several, and what could be read of it. */
export interface Repair {
  readonly line_number: number;
  /** Undefined for a sound line that only the scanner could not keep: its keys are spelled with escapes, say. */
  readonly problem: string | undefined;
  readonly records: readonly object[];
  /** False if some of it is lost. */
  readonly isWhole: boolean;
}

/** Lines that belong together so far, and how many objects are still open after them. */
interface Pending {
  readonly faults: Fault[];
  bytes: number;
  depth: number;
}

/**
 * Takes the faults of a file in their order, and gives what can be read of them. An object may be spread over the lines
 * that follow: those are one fault.
 */
export class Faults {
  private pending: Pending | undefined;

  take(fault: Fault): Repair[] {
    const { pending } = this;
    const isNext = pending && pending.faults.at(-1)!.line_number + 1 === fault.line_number;
    const depth = isNext ? depthAfter(fault.line.toString(), pending.depth) : undefined;
    // a line that breaks off within a text is no line of an object that was spread
    if (!isNext || depth === undefined || pending.bytes > LONGEST_LINE) return [...this.end(), ...this.begin(fault)];
    pending.faults.push(fault);
    pending.bytes += fault.line.length;
    pending.depth = depth;
    return depth > 0 ? [] : this.end();
  }

  /** What is left when a line in between is sound, or the file ends. */
  end(): Repair[] {
    const [first, ...more] = this.pending?.faults ?? [];
    this.pending = undefined;
    if (!first) return [];
    if (more.length === 0) return repair(first);
    const text = [first, ...more].map(({ line }) => line.toString()).join('\n');
    return [{ line_number: first.line_number, problem: 'an object over several lines', ...readRecords(text) }];
  }

  private begin(fault: Fault): Repair[] {
    if (!OPENS_OBJECT.test(fault.line.toString('latin1'))) return repair(fault);
    this.pending = { faults: [fault], bytes: fault.line.length, depth: 1 };
    return [];
  }
}

/** How many objects are open after a text; undefined if it breaks off within a string. */
function depthAfter(text: string, before: number): number | undefined {
  let depth = before;
  let inString = false;
  for (const [token] of text.matchAll(/["{}]|\\[^]/g)) {
    if (token === '"') inString = !inString;
    else if (!inString && token === '{') depth++;
    else if (!inString && token === '}') depth--;
  }
  return inString ? undefined : depth;
}

/** The first line of an object that a tool has spread over lines. Any other piece may belong to another line. */
const OPENS_OBJECT = /^[\s,[]*\{\s*$/;

/** The lines between the objects of a list. */
const PUNCTUATION = /^[\s,[\]]*$/;

function repair({ line, line_number }: Fault): Repair[] {
  const text = line.toString();
  const damage = damageOf(line, text);
  if (damage === undefined && PUNCTUATION.test(text)) return [];
  const value = damage === undefined ? parsed(text) : undefined;
  if (value === undefined) return [{ line_number, problem: damage ?? 'broken JSON', ...readRecords(line) }];
  if (isObject(value)) return [{ line_number, problem: undefined, records: [value], isWhole: true }];
  // other JSON than objects is no log line, and no damage: a bare number, a text
  const records = Array.isArray(value) ? value.filter(isObject) : [];
  return records.length > 0 ? [{ line_number, problem: 'a list of objects', records, isWhole: true }] : [];
}

/** The value that a text is; undefined if it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Damage that shows without parsing. */
function damageOf(line: Buffer, text: string): string | undefined {
  if (line.includes(0)) return 'NUL bytes';
  if (line.subarray(0, BOM.length).equals(BOM)) return 'byte order mark';
  if (!isUtf8(line)) return 'invalid UTF-8';
  return hasLoneSurrogate(text) ? 'half a surrogate pair' : undefined;
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

/** What can be read of a damaged line: one record, or several that were glued together. */
function readRecords(line: Buffer | string): { records: object[]; isWhole: boolean } {
  const text = (typeof line === 'string' ? line : new TextDecoder().decode(line)).replaceAll('\0', '').trim();
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
