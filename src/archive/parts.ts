import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { archiveFolders, readManifest, type Archive, type Part } from './manifest.ts';
import { readVerified, writeVerified } from './verified.ts';

/** What is wrong with a part; undefined for one that is as it was written. */
export type Problem = 'missing' | 'another size' | 'damaged';

/** An archive, and the parts of it that can be read. */
export interface CheckedArchive extends Archive {
  readonly sound: readonly Part[];
}

/**
 * The archives under the roots, each part checked: its size every time, its checksum where the file was not checked
 * since it was last changed. mends: without the parts that are lost or damaged.
 */
export function readArchives(roots: readonly string[], mends: boolean): CheckedArchive[] {
  const folders = [...new Set(roots.flatMap(archiveFolders))];
  const archives = withoutCopies(folders.flatMap((folder) => readManifest(folder) ?? []));
  const verified = readVerified();
  const checked = archives.map((archive) => {
    const wrong = new Map(
      archive.parts.flatMap((part) => {
        const problem = problemOf(archive, part, verified);
        return problem ? [[part, problem] as const] : [];
      }),
    );
    const [first] = wrong;
    if (first && !mends) throw damagedPart(join(archive.folder, first[0].path), first[1], wrong.size - 1);
    return { ...archive, sound: archive.parts.filter((part) => !wrong.has(part)) };
  });
  writeVerified(verified);
  return checked;
}

/** A copy of an archive holds the same parts: each is read once, from the archive that was written to last. */
function withoutCopies(archives: readonly Archive[]): Archive[] {
  const latestFirst = archives.toSorted((a, b) => (a.run < b.run ? 1 : a.run > b.run ? -1 : 0));
  const known = new Set<string>();
  return latestFirst.map((archive) => ({
    ...archive,
    parts: archive.parts.filter(({ path, sha256 }) => {
      const key = `${archive.machine}/${path} ${sha256}`;
      return known.has(key) ? false : known.add(key);
    }),
  }));
}

function problemOf({ folder }: Archive, part: Part, verified: Map<string, string>): Problem | undefined {
  const path = join(folder, part.path);
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stat) return 'missing';
  if (part.bytes !== undefined && stat.size !== BigInt(part.bytes)) return 'another size';
  if (part.sha256 === undefined || verified.get(path) === stateOf(part, stat)) return undefined;
  if (sha256Of(path) !== part.sha256) return 'damaged';
  verified.set(path, stateOf(part, stat));
  return undefined;
}

/** What a file that was verified looks like until it is changed. */
const stateOf = ({ sha256 }: Part, { size, mtimeNs, ctimeNs, ino }: BigIntStats): string =>
  [sha256, size, mtimeNs, ctimeNs, ino].join(' ');

/** Every byte of every part, whatever was verified before. */
export function findDamage({ folder, parts }: Archive): { part: string; problem: Problem | null }[] {
  return parts.map((part) => ({
    part: join(folder, part.path),
    problem: problemOf({ folder } as Archive, part, new Map()) ?? null,
  }));
}

const CHUNK = 4 * 2 ** 20;

/** The checksum of a file's bytes. */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openPart(path);
  try {
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk))
      hash.update(chunk.subarray(0, length));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

function openPart(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ClawtraceError(
      `${path}: this part of the archive cannot be opened (${code}). Nothing says that it is damaged: make it readable, or leave the archive out with --no-archive.`,
    );
  }
}

const MORE = (others: number): string => (others > 0 ? ` (and ${others} more)` : '');

const WORDS: Readonly<Record<Problem, string>> = {
  missing: 'is missing from the archive',
  'another size': 'does not have the size that it was written with',
  damaged: 'is damaged: its checksum is not the one that it was written with',
};

/** Sums without what a part held would be wrong. */
export const damagedPart = (path: string, problem: Problem, others = 0): ClawtraceError =>
  new ClawtraceError(
    `${path}${MORE(others)} ${WORDS[problem]}. Put it back from a copy; or go on without it: clawtrace archive --repair.`,
  );

/** Whether DuckDB's message names a part of an archive. */
export const isOfPart = (message: string): boolean =>
  /month=[\w-]+[\\/]\d{8}T\d{9}Z\+*-data_\d+\.parquet/.test(message);

/** What to say of a part that DuckDB cannot read. */
export const unreadablePart = (why: string): ClawtraceError =>
  new ClawtraceError(
    `the archive cannot be read (${why}). Put that file back from a copy; or remove it, and go on without it: clawtrace archive --repair.`,
  );
