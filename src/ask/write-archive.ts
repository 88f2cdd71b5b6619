import { readdirSync, renameSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { takeLock, type Lock } from '../archive/lock.ts';
import {
  ARCHIVE_FORMAT,
  archiveFolders,
  archiveRoot,
  isArchive,
  machineFolder,
  MANIFEST,
  manifestText,
  partPaths,
  readManifest,
  runOf,
  type Archive,
  type ManifestHead,
  type Part,
} from '../archive/manifest.ts';
import { readArchives, sha256Of } from '../archive/parts.ts';
import { literalPath } from '../files/literal-path.ts';
import { sync, syncFolder, withRemoval } from '../files/atomic-file.ts';
import { namesOfTables } from '../catalog/reads.ts';
import { closeDatabase, openDatabase, rows, type Connection } from '../database/connection.ts';
import { setVariables, type Variable } from '../database/variables.ts';
import { ClawtraceError } from '../errors.ts';
import { now } from '../settings/clock.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import type { Request } from '../request/request.ts';
import { openSession, type Session } from '../session/session.ts';

export interface ArchiveOptions {
  /** Rewrite everything as one part per month. */
  readonly compacts: boolean;
  /** --before says which usage to drop if its log is gone, rather than which logs are old enough to archive. */
  readonly purges: boolean;
  /** Read all logs again, and go on without what the archive has lost. */
  readonly repairs: boolean;
  readonly isDryRun: boolean;
}

export interface Archived {
  readonly folder: string;
  /** Logs that exist, and logs that the archive already holds. */
  readonly found: number;
  readonly files: number;
  readonly groups: number;
  /** Groups that are left out for good. */
  readonly purged: number;
  readonly bytes: number;
  readonly warnings: readonly string[];
}

/**
 * Writes what the archive lacks. Nothing that a reader uses is touched: new parts are complete on disk
 * before the manifest that names them takes the place of the old one. What a killed run left behind,
 * and what is outdated, goes with the next run, so that a reader of the old manifest still finds it.
 */
export async function writeArchive(request: Request, root: string, options: ArchiveOptions): Promise<Archived> {
  const folder = machineFolder(root, request.config.machine);
  const ofOwn = { ...request, archiveRoots: [folder] };
  const archived = await (options.isDryRun ? readOnly(ofOwn, folder, options) : lockAndWrite(ofOwn, folder, options));
  if (!options.purges) return archived;
  return {
    ...archived,
    warnings: [...archived.warnings, ...copiesIn(root, folder, request.config.machine).map(ofCopy)],
  };
}

const readOnly = async (request: Request, folder: string, options: ArchiveOptions): Promise<Archived> =>
  (await read(request, folder, options)).counted;

/** Folders that hold the archive of the same machine: copies, which no run changes. */
function copiesIn(root: string, folder: string, machine: string): string[] {
  const others = archiveFolders(root).filter((other) => other !== folder && isArchive(other));
  return others.filter((other) => readManifest(other)?.machine === machine);
}

const ofCopy = (copy: string): string =>
  `${copy} is a copy of this archive, and stays as it is: reports count what only the copy still has. Remove the copy.`;

async function lockAndWrite(request: Request, folder: string, options: ArchiveOptions): Promise<Archived> {
  return locked(folder, async (lock) => write(await read(request, folder, options), options, lock));
}

async function locked<Value>(folder: string, work: (lock: Lock) => Promise<Value>): Promise<Value> {
  makePrivateFolder(folder);
  // DuckDB takes no modes
  process.umask(0o077);
  const lock = takeLock(folder);
  try {
    return await work(lock);
  } finally {
    lock.release();
  }
}

const NOTHING_SPECIAL: ArchiveOptions = { compacts: false, purges: false, repairs: false, isDryRun: false };

/** What is kept of the logs is read in SQL from these. */
export const KEPT_NAMES = namesOfTables(['archivable_files', 'archivable_line_groups', 'archive_manifest']);

/** Bytes of logs that are worth a part of their own, and for how long fewer can wait. */
const WORTH_BYTES = 16e6;
const WORTH_MS = 86_400_000;

/**
 * Adds what a report has read to the archive of this machine: then it need not be read again, and outlives its log. Not
 * every line is worth that at once, and nothing that was read although the archive has it. Whatever is in the way (another run, a full disk, a folder that cannot be
 * written) costs no more than the next reading.
 */
export async function keepRead({ connection, request, found, archives }: Session): Promise<void> {
  const folder = machineFolder(archiveRoot(), request.config.machine);
  const before = archives.find((archive) => archive.folder === folder);
  const run = runName(before);
  await setVariables(connection, {
    ...runVariables(run, hasManyParts(before) && isOfAll(request.selection)),
    archive_before: [null, 'timestamptz'],
    purge_before: [null, 'timestamptz'],
  });
  const [fresh] = await rows(
    connection,
    `select
      count(*) > 0 and (sum(bytes) >= ${WORTH_BYTES} or $isDue) and not (getvariable('rereads') and $isKnown) as is_worth
    from archivable_files inner join log_files using (source, file_id) where is_fresh`,
    { isDue: before === undefined || now().getTime() - timeOf(before.run) > WORTH_MS, isKnown: before !== undefined },
  );
  if (!fresh!.is_worth) return;
  const counted = await count(connection, { folder, found: found.files.length, warnings: [] });
  await locked(folder, (lock) => write({ connection, folder, before, run, counted, request }, NOTHING_SPECIAL, lock));
}

/** Whether every log file counts, and not only those of a window or a source. */
const isOfAll = ({ since, last_days, filters }: Request['selection']): boolean =>
  [since, last_days, filters.source].every((limit) => limit === null);

/** The day that --before names: what is older than its first moment. */
export async function dayBefore(request: Request): Promise<string> {
  const { connection } = await openSession(await openDatabase(), request, { names: namesOfTables([]) });
  const [row] = await rows(connection, `select getvariable('before_at')::date::varchar as day`);
  closeDatabase(connection);
  return row!.day as string;
}

interface Reading {
  readonly connection: Connection;
  readonly request: Request;
  readonly folder: string;
  readonly before: Archive | undefined;
  readonly run: string;
  readonly counted: Archived;
}

/** Reads the logs that the archive lacks, and counts what is to be written. */
async function read(request: Request, folder: string, options: ArchiveOptions): Promise<Reading> {
  const before = readManifest(folder);
  const run = runName(before);
  const compacts = options.compacts || options.purges || hasManyParts(before);
  const { connection, found, warnings } = await openSession(await openDatabase(), request, {
    names: KEPT_NAMES,
    readsAllTime: true,
    rereads: options.repairs,
    mends: options.repairs,
    variables: runVariables(run, compacts),
  });
  const [asked, other] = options.purges ? ['purge_before', 'archive_before'] : ['archive_before', 'purge_before'];
  await connection.run(`set variable ${asked} = getvariable('before_at'); set variable ${other} = null::timestamptz`);
  const counted = await count(connection, { folder, found: found.files.length + (before ? 1 : 0), warnings });
  return { connection, request, folder, before, run, counted };
}

const runVariables = (run: string, compacts: boolean): Record<string, Variable> => ({
  run: [run, 'varchar'],
  compacts: [compacts, 'boolean'],
});

/** Counts what is to be written. */
async function count(
  connection: Connection,
  known: Pick<Archived, 'folder' | 'found' | 'warnings'>,
): Promise<Archived> {
  const [counted] = await rows(
    connection,
    `select
      (select count(*) from archivable_files)::integer as files,
      (select count(*) from archivable_line_groups)::integer as groups,
      (select count(*) from line_groups semi join archivable_files using (file_id)
        where line_kind = 'usage')::integer as usage_groups,
      (select count(*) from archivable_line_groups where line_kind = 'usage')::integer as kept_groups`,
  );
  const { files, groups, usage_groups, kept_groups } = counted as Record<string, number>;
  return { ...known, files: files!, groups: groups!, purged: usage_groups! - kept_groups!, bytes: 0 };
}

async function write(
  { connection, request, folder, before, run, counted }: Reading,
  options: ArchiveOptions,
  lock: Lock,
): Promise<Archived> {
  const sound = readArchives([folder], options.repairs)[0]?.sound ?? [];
  const lacksParts = sound.length < (before?.parts.length ?? 0);
  const check = (): void => {
    lock.check();
    checkUnchanged(folder, before);
  };
  removeLeftovers(folder, before, check);
  if ((counted.files === 0 && !lacksParts) || (options.purges && counted.purged === 0)) return counted;
  const { machine } = request.config;
  // from here on a folder with parts has a manifest: one without lost it, and must not pass for a new one
  const known = before ?? (await writeManifest(folder, { machine, run: '', parts: [] }, [], check));
  const parts = counted.groups > 0 ? await writeParts(connection, folder, run, lock) : [];
  const manifest = await rows(
    connection,
    'select to_json(manifest)::varchar as line, run from archive_manifest as manifest',
  );
  const runs = new Set(manifest.map((file) => file.run as string));
  const kept = sound.filter((part) => runs.has(runOf(part)));
  const described = await Promise.all([...kept, ...parts].map((part) => describePart(connection, folder, part)));
  const written = await writeManifest(
    folder,
    { machine, run, parts: described.sort((a, b) => (a.path < b.path ? -1 : 1)) },
    manifest.map(({ line }) => line as string),
    () => {
      lock.check();
      checkUnchanged(folder, known);
    },
  );
  // who purges wants it gone now, not with the next run
  if (options.purges)
    removeLeftovers(folder, written, () => {
      lock.check();
      checkUnchanged(folder, written);
    });
  return { ...counted, bytes: parts.reduce((sum, { path }) => sum + statSync(join(folder, path)).size, 0) };
}

/** Each run adds a part per month, and many parts are slow to open: then all are rewritten. */
const MANY_PARTS = 200;

function hasManyParts(archive: Archive | undefined): boolean {
  const parts = archive?.parts ?? [];
  return parts.length - new Set(parts.map(({ path }) => dirname(path))).size > MANY_PARTS;
}

/** Names of runs are times, and sort as such: one that would not come after the last is a millisecond later than it. */
function runName(before: Archive | undefined): string {
  return new Date(Math.max(Date.now(), timeOf(before?.run ?? '') + 1)).toISOString().replaceAll(/[-:.]/g, '');
}

/** The time that the name of a run says; 0 where it says none. */
function timeOf(run: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(run) ?? [];
  return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) : 0;
}

/** Writes a part per month, each under a name of its own. */
async function writeParts(connection: Connection, folder: string, run: string, lock: Lock): Promise<Part[]> {
  const temporary = join(folder, `${TEMPORARY}${run}`);
  return withRemoval(temporary, async () => {
    // several threads would write several files a month
    await connection.run('set threads = 1');
    await connection.run(
      `copy (from archivable_line_groups) to $temporary (format parquet, compression zstd, partition_by (month))`,
      { temporary },
    );
    lock.check();
    const months = readdirSync(temporary).sort();
    return months.flatMap((month) =>
      readdirSync(join(temporary, month)).map((name) => {
        const path = `${month}/${run}-${name}`;
        mkdirSync(join(folder, month), { recursive: true });
        sync(join(temporary, month, name));
        renameSync(join(temporary, month, name), join(folder, path));
        syncFolder(join(folder, month));
        return { path };
      }),
    );
  });
}

/** A part, with what it must hold from now on. One that an older clawtrace wrote gets that now. */
async function describePart(connection: Connection, folder: string, part: Part): Promise<Part> {
  if (part.sha256 !== undefined) return part;
  const path = join(folder, part.path);
  const [counted] = await rows(
    connection,
    'select count(*)::integer as rows from read_parquet($path, hive_partitioning = false)',
    {
      path: literalPath(path),
    },
  );
  return { path: part.path, bytes: statSync(path).size, rows: counted!.rows as number, sha256: sha256Of(path) };
}

/** The manifest comes last: until it has its name, the old one holds. */
async function writeManifest(
  folder: string,
  head: Pick<ManifestHead, 'machine' | 'run' | 'parts'>,
  files: readonly string[],
  check: () => void,
): Promise<Archive> {
  const first: ManifestHead = { format: ARCHIVE_FORMAT, files: files.length, ...head };
  const temporary = join(folder, `${TEMPORARY}${MANIFEST}`);
  await withRemoval(temporary, async () => {
    writeFileSync(temporary, manifestText(first, files));
    sync(temporary);
    syncFolder(folder);
    check();
    renameSync(temporary, join(folder, MANIFEST));
    syncFolder(folder);
  });
  return readManifest(folder)!;
}

const TEMPORARY = '.tmp-';
/** What this program leaves in an archive when it is killed. */
const LEFT = /^\.(?:tmp-(?:\d{8}T\d{9}Z\+*|manifest\.jsonl)|lock-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Whether another run has replaced the manifest meanwhile. */
function checkUnchanged(folder: string, known: Archive | undefined): void {
  if (readManifest(folder)?.run !== known?.run)
    throw new ClawtraceError(`Another clawtrace wrote to ${folder}. Nothing was changed; try again.`);
}

/** Removes what no manifest names: of runs that were killed, and of parts that are outdated. Nothing else is ours. */
function removeLeftovers(folder: string, archive: Archive | undefined, check: () => void): void {
  const named = new Set(archive?.parts.map(({ path }) => path));
  const left = readdirSync(folder).filter((name) => LEFT.test(name));
  const outdated = archive ? partPaths(folder).filter((path) => !named.has(path)) : [];
  for (const path of [...left, ...outdated]) {
    check();
    rmSync(join(folder, path), { recursive: true, force: true });
  }
}
