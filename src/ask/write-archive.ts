import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { takeLock, type Lock } from '../archive/lock.ts';
import { archiveFolders, isArchive, machineFolder, readManifest, runOf, type Archive } from '../archive/manifest.ts';
import { readArchives } from '../archive/parts.ts';
import { runName } from '../archive/run-name.ts';
import { checkUnchanged, describePart, removeLeftovers, writeManifest, writeParts } from '../archive/writing.ts';
import { namesOfTables } from '../catalog/reads.ts';
import { closeDatabase, openDatabase, rows, type Connection } from '../database/connection.ts';
import type { Variable } from '../database/variables.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import type { Request } from '../request/request.ts';
import { openSession } from '../session/session.ts';

export interface ArchiveOptions {
  /** Rewrite everything as one part per month. */
  readonly compacts?: boolean;
  /** --before says which usage to drop if its log is gone, rather than which logs are old enough to archive. */
  readonly purges?: boolean;
  /** Read all logs again, and go on without what the archive has lost. */
  readonly repairs?: boolean;
  readonly isDryRun?: boolean;
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
  return whileLocked(folder, async (lock) => addToArchive(await read(request, folder, options), options, lock));
}

export async function whileLocked<Value>(folder: string, work: (lock: Lock) => Promise<Value>): Promise<Value> {
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

/** What is kept of the logs is read in SQL from these. */
export const KEPT_NAMES = namesOfTables(['archivable_files', 'archivable_line_groups', 'archive_manifest']);

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
  const { compacts = false, purges = false, repairs = false } = options;
  const rewrites = compacts || purges || hasManyParts(before);
  const { connection, found, warnings } = await openSession(await openDatabase(), request, {
    names: KEPT_NAMES,
    readsAllTime: true,
    rereads: repairs,
    mends: repairs,
    variables: runVariables(run, rewrites),
  });
  const [asked, other] = purges ? ['purge_before', 'archive_before'] : ['archive_before', 'purge_before'];
  await connection.run(`set variable ${asked} = getvariable('before_at'); set variable ${other} = null::timestamptz`);
  const counted = await countArchivable(connection, { folder, found: found.files.length + (before ? 1 : 0), warnings });
  return { connection, request, folder, before, run, counted };
}

export const runVariables = (run: string, compacts: boolean): Record<string, Variable> => ({
  run: [run, 'varchar'],
  compacts: [compacts, 'boolean'],
});

/** Counts what is to be written. */
export async function countArchivable(
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

export async function addToArchive(
  { connection, request, folder, before, run, counted }: Reading,
  options: ArchiveOptions,
  lock: Lock,
): Promise<Archived> {
  const sound = readArchives([folder], options.repairs ?? false)[0]?.sound ?? [];
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

export function hasManyParts(archive: Archive | undefined): boolean {
  const parts = archive?.parts ?? [];
  return parts.length - new Set(parts.map(({ path }) => dirname(path))).size > MANY_PARTS;
}
