import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { neededViews, type Catalog } from '../catalog/catalog.ts';
import { dataFolder } from '../settings/config.ts';
import { EMPTY_FILE, openConnections, rows, type Variable } from '../database/connection.ts';
import { placesHold, type Places } from '../sources/discover.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';

/** What one machine has archived: its manifest, and the Parquet files that the manifest names. */
export interface Archive {
  readonly machine: string;
  readonly folder: string;
  readonly manifest: string;
  readonly run: string;
  /** The first line of the manifest, as it was read. */
  readonly head: string;
  /** Paths in the folder, with slashes. */
  readonly parts: readonly string[];
  /** The ways in which its logs were read. */
  readonly readings: ReadonlySet<string>;
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
  const [first, ...files] = readFileSync(manifest, 'utf8').split('\n');
  const { format, machine, run, parts } = checkHead(manifest, first!, files);
  if (format > ARCHIVE_FORMAT) {
    throw new ClawtraceError(`${manifest}: written by a newer clawtrace. Update, or leave it out with --no-archive.`);
  }
  const readings = new Set(files.flatMap((line) => /"reading":"(\w+)"/.exec(line)?.[1] ?? []));
  return { machine, run, head: first!, folder, manifest, parts, readings };
}

/** Whether no run of clawtrace archive has replaced the manifests since they were read. */
export const areCurrent = (archives: readonly Archive[]): boolean =>
  archives.every(
    ({ manifest, head }) => existsSync(manifest) && readFileSync(manifest, 'utf8').startsWith(`${head}\n`),
  );

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

/** What DuckDB says of a file of an archive that it cannot read. */
export function unreadableArchive(message: string): ClawtraceError {
  const manifest = /"([^"]*manifest\.jsonl)"/.exec(message)?.[1];
  if (manifest) return brokenManifest(manifest);
  return new ClawtraceError(
    `the archive cannot be read (${message.split('\n')[0]}). ` +
      'Put that file back from a copy; or remove it, and go on without it: clawtrace archive --repair.',
  );
}

/**
 * What an error says of a part that is damaged inside: not all that reads parts tells what to do then, and DuckDB
 * does not tell of every damage which part it is in.
 */
export async function explainDamage(error: Error): Promise<Error> {
  if (!(error instanceof ClawtraceError) && isOfPart(error.message)) return unreadableArchive(error.message);
  if (!error.message.includes('Invalid Error: ')) return error;
  for (const connection of openConnections()) {
    for (const { part } of await rows(connection, `select unnest(getvariable('archive_parts')) as part`)) {
      try {
        await rows(connection, 'select count(columns(*)) from read_parquet($part)', { part: part as string });
      } catch {
        return unreadableArchive(`${(part as string).replaceAll(/\[([[*?])\]/g, '$1')} is damaged`);
      }
    }
  }
  return error;
}

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
  const manifests = archives.map(({ manifest }) => literalPath(manifest));
  // a copy of an archive holds the same parts
  const parts = new Map(
    archives.flatMap(({ machine, folder, parts }) =>
      parts.map((part) => [`${machine}/${part}`, literalPath(join(folder, part))]),
    ),
  );
  return {
    archive_manifests: [manifests.length > 0 ? manifests : [EMPTY_FILE], 'varchar[]'],
    archive_parts: [[EMPTY_PART, ...parts.values()], 'varchar[]'],
    archive_scope: [places.isOnly ? pathsIn(archives, places) : null, 'varchar[]'],
    // parts that were written in another way may have other columns
    archive_is_mixed: [archives.some(({ readings }) => [...readings].some((other) => other !== reading)), 'boolean'],
    reading: [reading, 'varchar'],
  };
}

/** [, * and ? of a name must not act as a pattern. */
const literalPath = (path: string): string => path.replaceAll(/[[*?]/g, '[$&]');

/** Where only some logs are asked for, only the archived ones that lay there count. */
function pathsIn(archives: readonly Archive[], places: Places): string[] {
  const isHeld = placesHold(places);
  return archives
    .flatMap(({ manifest }) => readFileSync(manifest, 'utf8').trimEnd().split('\n').slice(1))
    .map((line) => JSON.parse(line) as { source: string; path: string })
    .filter(({ source, path }) => isHeld(source, path))
    .map(({ path }) => path);
}

/** The TypeScript that reads logs (repair, SQLite) has no hash: it is raised when that finds more or less. */
const READER = 1;

/** Names the way logs are read. An archive that was written with another one is read again from its logs. */
export function readingVersion(catalog: Catalog): string {
  const hash = createHash('sha256').update(String(READER));
  for (const file of neededViews(catalog.views, 'from line_groups')) {
    if (file.name !== 'log_files' && file.name !== 'archived_files') hash.update(file.sql);
  }
  return hash.digest('hex').slice(0, 12);
}

export const hasArchive = (archives: readonly Archive[]): boolean => archives.length > 0;
