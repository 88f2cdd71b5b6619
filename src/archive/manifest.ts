import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { namesFrom, neededViews } from '../catalog/reads.ts';
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
  /** The log files that it holds, each as its line of JSON in the manifest. */
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

/** Raised whenever an older clawtrace could no longer read the archive. */
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

/** A root has a folder per machine; the folder of a single machine may be named, too. */
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
  const [first, ...rest] = readFileSync(manifest, 'utf8').split('\n');
  const { format, machine, run, parts } = checkHead(manifest, first!, rest);
  if (format > ARCHIVE_FORMAT) {
    throw new ClawtraceError(`${manifest}: written by a newer clawtrace. Update, or leave it out with --no-archive.`);
  }
  return { machine, run, folder, manifest, parts, files: rest.slice(0, -1) };
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

/** Parts without a manifest must not be taken for a new archive. */
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

/** A truncated manifest would hide logs: its first line says how many it lists. */
function checkHead(manifest: string, first: string, files: readonly string[]): ManifestHead {
  const head = parseHead(first);
  if (head && (head.format > ARCHIVE_FORMAT || (files.length === head.files + 1 && files.at(-1) === ''))) return head;
  throw brokenManifest(manifest);
}

const brokenManifest = (manifest: string): ClawtraceError =>
  new ClawtraceError(`${manifest}: broken. Put it back from a copy, or leave the archive out with --no-archive.`);

/** A part is in the folder of its month, and nowhere else. */
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

/** Whether DuckDB's message names a part of an archive, unless the user has no permission to read it. */
export const isOfPart = (message: string): boolean =>
  !message.startsWith('Permission Error') && /month=[\w-]+[\\/][\w+]+-data_\d+\.parquet/.test(message);

/** What to say about a part that cannot be read. */
export const unreadableArchive = (why: string): ClawtraceError =>
  new ClawtraceError(
    `the archive cannot be read (${why.split('\n')[0]}). ` +
      'Put that file back from a copy; or remove it, and go on without it: clawtrace archive --repair.',
  );

/** What to say about a part, named as DuckDB reads it, whose bytes are damaged. */
export const damagedPart = (pattern: string): ClawtraceError =>
  unreadableArchive(`${pattern.replaceAll(/\[([[*?])\]/g, '$1')} is damaged`);

/** Without the rows of a part, sums would be wrong. */
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

/** A complete Parquet file ends with the bytes it starts with. */
function isWhole(path: string): boolean {
  const end = Buffer.alloc(4);
  const file = openSync(path, 'r');
  readSync(file, end, 0, 4, Math.max(0, fstatSync(file).size - 4));
  closeSync(file);
  return end.toString('latin1') === 'PAR1';
}

/** Names the columns of a part, and stands in for the parts of an empty archive. A test compares them with those written. */
const EMPTY_PART = packagePath('sql/1_sources/_empty.parquet');

/** What SQL is told about the archives. */
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

/** [, * and ? of a name must not act as a pattern. */
const literalPath = (path: string): string => path.replaceAll(/[[*?]/g, '[$&]');

/** If only some logs are asked for, only logs archived from those places count. */
function pathsIn(files: readonly ManifestFile[], places: Places): string[] {
  const isHeld = placesHold(places);
  return files.filter(({ source, path }) => isHeld(source, path)).map(({ path }) => path);
}

/** The TypeScript that reads logs (repair, SQLite) has no hash: raise this number when it finds more or less. */
const READER = 1;

/** Identifies the reading rules. Logs that were archived with other rules are read again. */
export function readingVersion({ views }: Catalog): string {
  const archived = views.filter(({ isArchived }) => isArchived);
  // views that only say which files exist do not change how they are read
  const ofFiles = neededViews(views, ['read_files']);
  const hash = createHash('sha256').update(String(READER));
  for (const file of neededViews(views, namesFrom(archived))) if (!ofFiles.includes(file)) hash.update(file.sql);
  return hash.digest('hex').slice(0, 12);
}
