import type { Columns } from '../database/records.ts';
import { isObject } from '../files/json-object.ts';

/** What is kept of a log line, by key: what SQL declares as columns of read_json. */
export interface Keys {
  readonly [name: string]: Key;
}

interface Key {
  /** The value as it is, or of an object, or of the objects in a list, the keys inside. */
  readonly kind: 'value' | 'object' | 'list';
  readonly inner: Keys;
  /** A line that has it is of interest to the source. */
  readonly matters: boolean;
}

/** The keys that any of several SQL files reads, and which of them make a line matter: paths such as message.usage. */
export function keysOf(reads: readonly Columns[], lines: readonly string[]): Keys {
  const keys: Keys = reads.map(keysOfColumns).reduce(join, {});
  return lines.reduce((all, path) => mark(all, path.split('.')), keys);
}

/** Columns whose names begin with _ are the scanner's own. */
const keysOfColumns = (columns: Columns): Keys =>
  Object.fromEntries(
    Object.entries(columns)
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, type]) => [name, keyOf(type)]),
  );

/** A key whose SQL type is a struct, or a list of structs, is read by the names inside; any other value as it is. */
function keyOf(type: string): Key {
  const [, fields, list] = /^\s*struct\s*\(([^]*)\)\s*(\[\])?\s*$/i.exec(type) ?? [];
  if (fields === undefined) return { kind: 'value', inner: {}, matters: false };
  return { kind: list ? 'list' : 'object', inner: keysOfColumns(fieldsOf(fields)), matters: false };
}

/** The names and types in the parentheses of a struct. */
function fieldsOf(text: string): Columns {
  const fields: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === ',' && depth === 0) fields.push('');
    else fields[fields.length - 1] += character;
  }
  return Object.fromEntries(
    fields.map((field) => {
      const [, quoted, plain, type] = /^\s*(?:"([^"]+)"|(\w+))\s+([^]+)$/.exec(field)!;
      return [quoted ?? plain!, type!.trim()];
    }),
  );
}

function join(one: Keys, other: Keys): Keys {
  const joined: Record<string, Key> = { ...one };
  for (const [name, key] of Object.entries(other)) {
    const known = joined[name];
    // what one reads as a whole, it gets as a whole
    const isWhole = known?.kind === 'value' || key.kind === 'value';
    joined[name] = known && !isWhole ? { ...known, inner: join(known.inner, key.inner) } : isWhole ? WHOLE : key;
  }
  return joined;
}

const WHOLE: Key = { kind: 'value', inner: {}, matters: false };

function mark(keys: Keys, [name, ...rest]: readonly string[]): Keys {
  const key = keys[name!];
  if (!key) throw new Error(`no column of read_json has the key ${name}`);
  const marked = rest.length > 0 ? { ...key, inner: mark(key.inner, rest) } : { ...key, matters: true };
  return { ...keys, [name!]: marked };
}

/** What is kept of a record, as the scanner keeps it of a line. */
export function pick(record: object, keys: Keys): object {
  const picked: Record<string, unknown> = {};
  for (const [name, key] of Object.entries(keys))
    if (Object.hasOwn(record, name)) picked[name] = pickValue((record as Record<string, unknown>)[name], key);
  return picked;
}

function pickValue(value: unknown, { kind, inner }: Key): unknown {
  if (kind === 'value') return value;
  if (kind === 'object') return isObject(value) ? pick(value, inner) : null;
  return Array.isArray(value) ? value.map((item) => (isObject(item) ? pick(item, inner) : null)) : null;
}

/** Whether a record has a key that matters. */
export function holdsMatter(record: object, keys: Keys): boolean {
  return Object.entries(keys).some(([name, { matters, inner }]) => {
    const value = (record as Record<string, unknown>)[name];
    return value !== undefined && (matters || (isObject(value) && holdsMatter(value, inner)));
  });
}

/** JSON on one line, as DuckDB reads it. */
export const jsonLine = (record: object): string => `${JSON.stringify(record, wellFormed)}\n`;

/** JSON.stringify would write half a surrogate pair as an escape, which a strict parser rejects. */
function wellFormed(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}

const KINDS = { value: 0, object: 1, list: 2 } as const;
const HEAD_BYTES = 20;

/** The keys as the scanner reads them: see Key in assembly/scanner.ts. */
export function encodeKeys(keys: Keys): Buffer {
  return encodeKey('', { kind: 'object', inner: keys, matters: false });
}

function encodeKey(name: string, { kind, inner, matters }: Key): Buffer {
  const text = Buffer.from(name);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  const keys = Object.entries(inner).map(([key, value]) => encodeKey(key, value));
  const head = Buffer.alloc(HEAD_BYTES);
  const all = [head, text, padding, ...keys];
  const fields = [
    all.reduce((sum, part) => sum + part.length, 0),
    KINDS[kind],
    matters ? 1 : 0,
    text.length,
    keys.length,
  ];
  fields.forEach((field, index) => head.writeUInt32LE(field, index * 4));
  return Buffer.concat(all);
}
