import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Names } from '../database/names.ts';
import { packagePath } from '../package.ts';

const NO_NAMES: Names = { tables: [], functions: [], variables: [], reads: [], isOpen: false };

/**
 * What SQL names. The build has asked DuckDB's parser about all SQL that we ship; any other text is parsed now.
 * Anything but a SELECT names nothing: checkSelect refuses it before it runs.
 */
export async function namesOf(sql: string): Promise<Names> {
  return shippedNames()[hashOf(sql)] ?? (await parseNow(sql)) ?? NO_NAMES;
}

/** DuckDB is slow to load. */
const parseNow = async (sql: string): Promise<Names | undefined> =>
  (await import('../database/names.ts')).parseNames(sql);

/** Written by the build: what each text names, by the hash of the text. */
export const NAMES_FILE = packagePath('dist/names.json');

export const hashOf = (sql: string): string => createHash('sha256').update(sql).digest('hex').slice(0, 16);

let shipped: Readonly<Record<string, Names>> | undefined;

function shippedNames(): Readonly<Record<string, Names>> {
  shipped ??= existsSync(NAMES_FILE)
    ? (JSON.parse(readFileSync(NAMES_FILE, 'utf8')) as Readonly<Record<string, Names>>)
    : {};
  return shipped;
}
