import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededViews, type Catalog } from './catalog.ts';
import { dataFolder } from './config.ts';
import { EMPTY_FILE, type Variable } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { packagePath } from './package.ts';

/** What one machine has archived: its manifest, and the Parquet files that the manifest names. */
export interface Archive {
  readonly machine: string;
  readonly folder: string;
  readonly manifest: string;
  readonly run: string;
  readonly parts: readonly string[];
}

/** The first line of a manifest; each further one is a log file. */
export interface ManifestHead {
  readonly format: number;
  readonly machine: string;
  readonly run: string;
  readonly parts: readonly string[];
}

/** Raised when an older clawtrace could not read the archive. */
export const ARCHIVE_FORMAT = 1;
export const MANIFEST = 'manifest.jsonl';

export const archiveRoot = (): string => join(dataFolder(), 'archive');

/** The folder of a machine, as Hive partitions are named. */
export const machineFolder = (root: string, machine: string): string =>
  join(root, `machine=${encodeURIComponent(machine)}`);

/** The archives of all machines under the roots; of one that is there twice, the one that ran last. */
export function readArchives(roots: readonly string[]): Archive[] {
  const found = new Map<string, Archive>();
  for (const folder of roots.flatMap(machineFolders)) {
    const archive = readArchive(folder);
    if (archive && archive.run > (found.get(archive.machine)?.run ?? '')) found.set(archive.machine, archive);
  }
  return [...found.values()];
}

function machineFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .filter((name) => name.startsWith('machine='))
    .sort()
    .map((name) => join(root, name));
}

export function readArchive(folder: string): Archive | undefined {
  const manifest = join(folder, MANIFEST);
  if (!existsSync(manifest)) return undefined;
  const head = readHead(manifest);
  if (head.format > ARCHIVE_FORMAT) {
    throw new ClawtraceError(`${manifest}: written by a newer clawtrace. Update, or leave it out with --no-archive.`);
  }
  const { machine, run } = head;
  return { machine, run, folder, manifest, parts: head.parts.map((part) => join(folder, part)) };
}

function readHead(manifest: string): ManifestHead {
  const text = readFileSync(manifest, 'utf8');
  try {
    return JSON.parse(text.slice(0, text.indexOf('\n'))) as ManifestHead;
  } catch {
    throw new ClawtraceError(`${manifest}: not a manifest of an archive. Leave it out with --no-archive.`);
  }
}

/** Stands where an archive has no parts, which DuckDB refuses. A test holds its columns against those written. */
export const EMPTY_PART = packagePath('sql/1_sources/_empty.parquet');

/** What SQL is told of the archives. scope: folders whose vanished logs count; null for all of them. */
export function archiveVariables(
  archives: readonly Archive[],
  reading: string,
  scope: readonly string[] | null,
): Record<string, Variable> {
  const manifests = archives.map(({ manifest }) => manifest);
  const parts = archives.flatMap((archive) => archive.parts);
  return {
    archive_manifests: [manifests.length > 0 ? manifests : [EMPTY_FILE], 'varchar[]'],
    archive_parts: [parts.length > 0 ? parts : [EMPTY_PART], 'varchar[]'],
    archive_scope: [scope, 'varchar[]'],
    reading: [reading, 'varchar'],
  };
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

export const hasArchive = (archives: readonly Archive[]): boolean => archives.some(({ parts }) => parts.length > 0);
