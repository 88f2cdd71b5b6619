import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { namesFrom, neededViews } from '../catalog/reads.ts';
import { firstLine } from '../files/file-lines.ts';
import { literalPath, pathOfPattern } from '../files/literal-path.ts';
import { readSmallFile, whyUnreadable } from '../files/regular-file.ts';
import { dataFolder } from '../settings/config.ts';
import type { Variable } from '../database/variables.ts';
import { placesHold, type Places } from '../sources/discover.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';

/** What one machine has archived: its manifest, and the Parquet files that the manifest names. */
export interface Archive {
  readonly machine: string;
  readonly folder: string;
  readonly manifest: string;
  readonly run: string;
  /** Paths in the folder, with slashes. */
  readonly parts: readonly string[];
  /** The log files that it holds, each as the JSON that the manifest has. */
  readonly files: readonly string[];
}

/** The first line of a manifest; each further one is a log file. */
export interface ManifestHead {
  readonly format: number;
  readonly machine: string;
  readonly run: string;
  readonly files: number;
  readonly parts: readonly string[];
}

/** Raised when an older clawtrace could not read the archive. */
export const ARCHIVE_FORMAT = 1;
export const MANIFEST = 'manifest.jsonl';

export const archiveRoot = (): string => join(dataFolder(), 'archive');

/** The folder of a machine, as Hive partitions are named. */
export const machineFolder = (root: string, machine: string): string =>
  join(root, `machine=${encodeURIComponent(machine).replaceAll('*', '%2A')}`);

/** The archives of all machines under the roots. mends: without the parts that are lost. */
export const readArchives = (roots: readonly string[], mends: boolean): Archive[] =>
  [...new Set(roots.flatMap(archiveFolders))].flatMap((folder) => {
    const archive = readArchive(folder);
    if (!archive) return [];
    if (mends) return { ...archive, parts: archive.parts.filter((part) => existsSync(join(folder, part))) };
    checkParts(archive);
    return archive;
  });

/** Whether a folder is that of a machine's archive, of whatever version. */
export function isArchive(folder: string): boolean {
  try {
    return /^\{"format":\d+,.*"machine":/.test(firstLine(join(folder, MANIFEST)));
  } catch {
    return false;
  }
}

/** A root has a folder per machine; the folder of a machine may be named as well. */
export function archiveFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  if (existsSync(join(root, MANIFEST))) return [root];
  return readdirSync(root)
    .filter((name) => name.startsWith('machine='))
    .sort()
    .map((name) => join(root, name));
}

export function readArchive(folder: string): Archive | undefined {
  const manifest = join(folder, MANIFEST);
  if (!existsSync(manifest)) {
    checkNoParts(folder);
    return undefined;
  }
  const [first, ...rest] = readManifest(manifest).split('\n');
  const { format, machine, run, parts } = checkHead(manifest, first!, rest);
  if (format > ARCHIVE_FORMAT) {
    throw new ClawtraceError(`${manifest}: written by a newer clawtrace. Update, or leave it out with --no-archive.`);
  }
  return { machine, run, folder, manifest, parts, files: rest.slice(0, -1) };
}

function readManifest(manifest: string): string {
  try {
    return readSmallFile(manifest);
  } catch (error) {
    throw new ClawtraceError(
      `${manifest}: cannot be read (${whyUnreadable(error)}). Put it back from a copy, or leave the archive out with --no-archive.`,
    );
  }
}

/** A log file as a manifest lists it. Its file_id has more digits than a number here. */
interface ManifestFile {
  readonly source: string;
  readonly path: string;
  readonly reading: string | null;
}

const filesOf = ({ manifest, files }: Archive): ManifestFile[] =>
  files.map((line) => {
    try {
      return JSON.parse(line) as ManifestFile;
    } catch {
      throw brokenManifest(manifest);
    }
  });

/** Parts that nothing names must not pass for an archive that is new. */
function checkNoParts(folder: string): void {
  const [part] = parquetFiles(folder);
  if (part) throw new ClawtraceError(`${folder} has parts, but no ${MANIFEST}: put it back from a copy.`);
}

export function parquetFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => join(folder, name));
}

/** A manifest that breaks off would hide logs: it says itself how many it lists. */
function checkHead(manifest: string, first: string, files: readonly string[]): ManifestHead {
  const head = parseHead(first);
  if (head && (head.format > ARCHIVE_FORMAT || (files.length === head.files + 1 && files.at(-1) === ''))) return head;
  throw brokenManifest(manifest);
}

const brokenManifest = (manifest: string): ClawtraceError =>
  new ClawtraceError(`${manifest}: broken. Put it back from a copy, or leave the archive out with --no-archive.`);

/** A part lies in the folder of its month, and nowhere else. */
const PART = /^month=[\w-]+\/[\w.+-]+\.parquet$/;

function parseHead(line: string): ManifestHead | undefined {
  try {
    const head = JSON.parse(line) as Partial<ManifestHead> | null;
    if (typeof head?.format !== 'number') return undefined;
    return head.format > ARCHIVE_FORMAT || head.parts?.every((part) => PART.test(part))
      ? (head as ManifestHead)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether DuckDB's message names a part of an archive, and not one that the user may not read. */
export const isOfPart = (message: string): boolean =>
  !message.startsWith('Permission Error') && /month=[\w-]+[\\/][\w+]+-data_\d+\.parquet/.test(message);

/** What to say of a part that cannot be read. */
export const unreadableArchive = (why: string): ClawtraceError =>
  new ClawtraceError(
    `the archive cannot be read (${why.split('\n')[0]}). ` +
      'Put that file back from a copy; or remove it, and go on without it: clawtrace archive --repair.',
  );

/** What to say of a part, named as DuckDB reads it, whose bytes are damaged. */
export const damagedPart = (pattern: string): ClawtraceError =>
  unreadableArchive(`${pathOfPattern(pattern)} is damaged`);

/** Sums without what a part held would be wrong. */
function checkParts({ folder, parts }: Archive): void {
  const lost = parts.filter((part) => !existsSync(join(folder, part)));
  const cut = parts.find((part) => !lost.includes(part) && !isWhole(join(folder, part)));
  if (cut) throw unreadableArchive(`${join(folder, cut)} is no whole Parquet file`);
  if (lost.length === 0) return;
  const others = lost.length > 1 ? ` (and ${lost.length - 1} more)` : '';
  throw new ClawtraceError(
    `${join(folder, lost[0]!)}${others}: missing from the archive. Put it back from a copy; or go on without it: clawtrace archive --repair.`,
  );
}

/** A Parquet file ends as it begins. */
function isWhole(path: string): boolean {
  const end = Buffer.alloc(4);
  const file = openSync(path, 'r');
  readSync(file, end, 0, 4, Math.max(0, fstatSync(file).size - 4));
  closeSync(file);
  return end.toString('latin1') === 'PAR1';
}

/** Names the columns of a part, and stands where an archive has none. A test holds them against those written. */
const EMPTY_PART = packagePath('sql/1_sources/_empty.parquet');

/** What SQL is told of the archives. */
export function archiveVariables(
  archives: readonly Archive[],
  reading: string,
  places: Places,
): Record<string, Variable> {
  const files = archives.flatMap(filesOf);
  // a copy of an archive holds the same parts
  const parts = new Map(
    archives.flatMap(({ machine, folder, parts }) =>
      parts.map((part) => [`${machine}/${part}`, literalPath(join(folder, part))]),
    ),
  );
  return {
    archive_parts: [[EMPTY_PART, ...parts.values()], 'varchar[]'],
    archive_scope: [places.isOnly ? pathsIn(files, places) : null, 'varchar[]'],
    // parts that were written in another way may have other columns
    archive_is_mixed: [files.some((file) => file.reading !== null && file.reading !== reading), 'boolean'],
    reading: [reading, 'varchar'],
  };
}

/** Where only some logs are asked for, only the archived ones that lay there count. */
function pathsIn(files: readonly ManifestFile[], places: Places): string[] {
  const isHeld = placesHold(places);
  return files.filter(({ source, path }) => isHeld(source, path)).map(({ path }) => path);
}

/** The TypeScript that reads logs (repair, SQLite) has no hash: it is raised when that finds more or less. */
const READER = 1;

/** Names the way logs are read. An archive that was written with another one is read again from its logs. */
export function readingVersion({ views }: Catalog): string {
  const archived = views.filter(({ isArchived }) => isArchived);
  // what says which files there are is no way of reading them
  const ofFiles = neededViews(views, ['read_files']);
  const hash = createHash('sha256').update(String(READER));
  for (const file of neededViews(views, namesFrom(archived))) if (!ofFiles.includes(file)) hash.update(file.sql);
  return hash.digest('hex').slice(0, 12);
}
