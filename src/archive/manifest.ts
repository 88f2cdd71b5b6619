import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine } from '../files/file-lines.ts';
import { readSmallFile, whyUnreadable } from '../files/regular-file.ts';
import { dataFolder } from '../settings/folders.ts';
import { ClawtraceError } from '../errors.ts';

/** What one machine has archived: its manifest, and the Parquet files that the manifest names. */
export interface Archive {
  readonly machine: string;
  readonly folder: string;
  readonly manifest: string;
  readonly run: string;
  readonly parts: readonly Part[];
  /** The log files that it holds, each as the JSON that the manifest has. */
  readonly files: readonly string[];
}

/** A Parquet file of an archive, as it was when it was written. Format 1 did not say. */
export interface Part {
  /** In the folder of the archive, with slashes. */
  readonly path: string;
  readonly bytes?: number;
  readonly rows?: number;
  readonly sha256?: string;
}

/** The first line of a manifest; each further one is a log file. */
export interface ManifestHead {
  readonly format: number;
  readonly machine: string;
  readonly run: string;
  readonly files: number;
  readonly parts: readonly Part[];
}

/** Raised when an older clawtrace could not read the archive. Format 1 named the parts, and no more. */
export const ARCHIVE_FORMAT = 2;
export const MANIFEST = 'manifest.jsonl';

export const archiveRoot = (): string => join(dataFolder(), 'archive');

/** The folder of a machine. Its name is for people: which machine it is, the manifest says. */
export const machineFolder = (root: string, machine: string): string =>
  join(root, `machine=${encodeURIComponent(machine).replaceAll('*', '%2A')}`);

/** A root has a folder per machine; the folder of a machine may be named as well. */
export function archiveFolders(root: string): string[] {
  if (!existsSync(root)) return [];
  if (existsSync(join(root, MANIFEST))) return [root];
  return readdirSync(root)
    .filter((name) => name.startsWith('machine='))
    .sort()
    .map((name) => thatIsThere(join(root, name)));
}

/** A link that leads nowhere, such as to a disk that is not connected, must not pass for a machine without an archive. */
function thatIsThere(folder: string): string {
  try {
    statSync(folder);
    return folder;
  } catch (error) {
    throw new ClawtraceError(
      `${folder}: leads nowhere (${whyUnreadable(error)}). Bring back what it leads to, remove it, or leave the archive out with --no-archive.`,
    );
  }
}

export function readManifest(folder: string): Archive | undefined {
  const manifest = join(folder, MANIFEST);
  if (!existsSync(manifest)) {
    checkNoParts(folder);
    return undefined;
  }
  const [first, ...rest] = textOf(manifest).split('\n');
  const { machine, run, parts } = checkHead(manifest, first!, rest);
  return { machine, run, folder, manifest, parts, files: rest.slice(0, -1) };
}

function textOf(manifest: string): string {
  try {
    return readSmallFile(manifest);
  } catch (error) {
    throw new ClawtraceError(
      `${manifest}: cannot be read (${whyUnreadable(error)}). Put it back from a copy, or leave the archive out with --no-archive.`,
    );
  }
}

/** Whether a folder is that of a machine's archive, of whatever version. */
export function isArchive(folder: string): boolean {
  try {
    return /^\{"format":\d+,.*"machine":/.test(firstLine(join(folder, MANIFEST)));
  } catch {
    return false;
  }
}

/** A part lies in the folder of its month, under the name of its run, and nowhere else. */
const PART = /^month=(?:\d{4}-\d{2}|unknown)\/\d{8}T\d{9}Z\+*-data_\d+\.parquet$/;

/** The run that wrote a part: its name without the -data_0.parquet that DuckDB gave it. */
export const runOf = ({ path }: Pick<Part, 'path'>): string => path.replace(/^.*\/|-data_\d+\.parquet$/g, '');

/** Paths of all files in a folder that this program can have written as parts. */
export function partPaths(folder: string): string[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isFolder) return [];
  const months = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return months
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((path) => PART.test(path))
    .sort();
}

/** Parts without a manifest must not be taken for a new archive. */
function checkNoParts(folder: string): void {
  if (partPaths(folder).length > 0)
    throw new ClawtraceError(`${folder} has parts, but no ${MANIFEST}: put it back from a copy.`);
}

/** Ends the first line of a manifest: the checksum of all else that it says. One that an older clawtrace wrote has none. */
const SEAL = /,"sha256":"([0-9a-f]{64})"(?=\}$)/;

/** The text of a manifest. */
export function manifestText(head: ManifestHead, files: readonly string[]): string {
  const first = JSON.stringify(head);
  const rest = [...files, ''];
  return [`${first.slice(0, -1)},"sha256":"${checksumOf(first, rest)}"}`, ...rest].join('\n');
}

const checksumOf = (first: string, rest: readonly string[]): string =>
  createHash('sha256')
    .update([first, ...rest].join('\n'))
    .digest('hex');

/** A truncated manifest would hide logs, and so would one in which a single bit is not as it was written. */
function checkHead(manifest: string, first: string, files: readonly string[]): ManifestHead {
  const head = parseHead(first);
  if (!head) throw brokenManifest(manifest);
  if (head.format > ARCHIVE_FORMAT)
    throw new ClawtraceError(`${manifest}: written by a newer clawtrace. Update, or leave it out with --no-archive.`);
  const seal = SEAL.exec(first)?.[1];
  const isSound = seal === undefined || seal === checksumOf(first.replace(SEAL, ''), files);
  if (!isSound || files.length !== head.files + 1 || files.at(-1) !== '') throw brokenManifest(manifest);
  return head;
}

export const brokenManifest = (manifest: string): ClawtraceError =>
  new ClawtraceError(`${manifest}: broken. Put it back from a copy, or leave the archive out with --no-archive.`);

function parseHead(line: string): ManifestHead | undefined {
  try {
    const head = JSON.parse(line) as Partial<Omit<ManifestHead, 'parts'> & { parts: (Part | string)[] }> | null;
    if (typeof head?.format !== 'number') return undefined;
    if (head.format > ARCHIVE_FORMAT) return { ...head, parts: [] } as unknown as ManifestHead;
    const parts = head.parts?.map((part) => (typeof part === 'string' ? { path: part } : part));
    return typeof head.machine === 'string' && typeof head.run === 'string' && parts?.every(isPart)
      ? ({ ...head, parts } as ManifestHead)
      : undefined;
  } catch {
    return undefined;
  }
}

const isPart = ({ path, bytes, rows, sha256 }: Part): boolean =>
  PART.test(path) &&
  [bytes, rows].every((count) => count === undefined || Number.isSafeInteger(count)) &&
  (sha256 === undefined || /^[0-9a-f]{64}$/.test(sha256));
