import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import {
  ARCHIVE_FORMAT,
  machineFolder,
  MANIFEST,
  parquetFiles,
  readArchive,
  type Archive,
  type ManifestHead,
} from '../archive/manifest.ts';
import { sync, syncFolder, withRemoval } from '../files/atomic-file.ts';
import { namesOfTables } from '../catalog/reads.ts';
import { closeDatabase, openDatabase, rows, type Connection } from '../database/connection.ts';
import type { Variable } from '../database/variables.ts';
import { ClawtraceError } from '../errors.ts';
import { isGone, OWNER, OWNER_PATTERN } from '../files/owner.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import type { Request } from '../request/request.ts';
import { openSession } from '../session/session.ts';

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
  if (options.isDryRun) return (await read(ofOwn, folder, options)).counted;
  makePrivateFolder(folder);
  // DuckDB takes no modes
  process.umask(0o077);
  const release = lock(folder);
  try {
    return await readAndWrite(ofOwn, folder, options);
  } finally {
    release();
  }
}

/** The day that --before names: what is older than its first moment. */
export async function dayBefore(request: Request): Promise<string> {
  const { connection } = await openSession(await openDatabase(), request, { names: namesOfTables([]) });
  const [row] = await rows(connection, `select getvariable('before_at')::date::varchar as day`);
  closeDatabase(connection);
  return row!.day as string;
}

interface Reading {
  readonly connection: Connection;
  readonly before: Archive | undefined;
  readonly run: string;
  readonly counted: Archived;
}

/** Reads the logs that the archive lacks, and counts what is to be written. */
async function read(request: Request, folder: string, options: ArchiveOptions): Promise<Reading> {
  const before = readArchive(folder);
  const run = runName(before);
  const compacts = options.compacts || options.purges || hasManyParts(before);
  const variables: Record<string, Variable> = {
    run: [run, 'varchar'],
    compacts: [compacts, 'boolean'],
  };
  const { connection, found, warnings } = await openSession(await openDatabase(), request, {
    names: namesOfTables(['archivable_files', 'archivable_line_groups', 'archive_manifest']),
    readsAllTime: true,
    rereads: options.repairs,
    mends: options.repairs,
    variables,
  });
  const [asked, other] = options.purges ? ['purge_before', 'archive_before'] : ['archive_before', 'purge_before'];
  await connection.run(`set variable ${asked} = getvariable('before_at'); set variable ${other} = null::timestamptz`);
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
  return {
    connection,
    before,
    run,
    counted: {
      folder,
      found: found.files.length + (before ? 1 : 0),
      files: files!,
      groups: groups!,
      purged: usage_groups! - kept_groups!,
      bytes: 0,
      warnings,
    },
  };
}

async function readAndWrite(request: Request, folder: string, options: ArchiveOptions): Promise<Archived> {
  const { connection, before, run, counted } = await read(request, folder, options);
  removeLeftovers(folder, before);
  if (counted.files === 0 || (options.purges && counted.purged === 0)) return counted;
  const { machine } = request.config;
  // from here on a folder with parts has a manifest: one without lost it, and must not pass for a new one
  if (!before) await writeManifest(folder, { machine, run: '', parts: [] }, []);
  const parts = counted.groups > 0 ? await writeParts(connection, folder, run) : [];
  const manifest = await rows(
    connection,
    'select to_json(manifest)::varchar as line, run from archive_manifest as manifest',
  );
  const runs = new Set(manifest.map((file) => file.run as string));
  const kept = (before?.parts ?? []).filter((part) => runs.has(runOf(part)) && existsSync(join(folder, part)));
  checkLock(folder);
  await writeManifest(
    folder,
    { machine, run, parts: [...kept, ...parts].sort() },
    manifest.map(({ line }) => line as string),
  );
  // after a purge the data must be gone at once, not with the next run
  if (options.purges) removeLeftovers(folder, readArchive(folder));
  return { ...counted, bytes: parts.reduce((sum, part) => sum + statSync(join(folder, part)).size, 0) };
}

/** Each run adds a part per month, and many parts are slow to open: then all are rewritten. */
const MANY_PARTS = 200;

function hasManyParts(archive: Archive | undefined): boolean {
  const parts = archive?.parts ?? [];
  return parts.length - new Set(parts.map(dirname)).size > MANY_PARTS;
}

/** Names of runs sort by time; one that would not sort after the last run is extended so that it does. */
function runName(before: Archive | undefined): string {
  const name = new Date().toISOString().replaceAll(/[-:.]/g, '');
  return before && name <= before.run ? `${before.run}+` : name;
}

/** Writes a part per month, each under a name of its own. Returns their paths within the folder. */
async function writeParts(connection: Connection, folder: string, run: string): Promise<string[]> {
  const temporary = join(folder, `${TEMPORARY}${run}`);
  return withRemoval(temporary, async () => {
    // several threads would write several files a month
    await connection.run('set threads = 1');
    await connection.run(
      `copy (from archivable_line_groups) to $temporary (format parquet, compression zstd, partition_by (month))`,
      { temporary },
    );
    return parquetFiles(temporary).map((file) => {
      const month = relative(temporary, file).split(sep)[0]!;
      mkdirSync(join(folder, month), { recursive: true });
      const part = join(month, `${run}-${basename(file)}`);
      sync(file);
      renameSync(file, join(folder, part));
      syncFolder(join(folder, month));
      return part.replaceAll(sep, '/');
    });
  });
}

/** The manifest comes last: until it has its name, the old one holds. */
async function writeManifest(
  folder: string,
  head: Pick<ManifestHead, 'machine' | 'run' | 'parts'>,
  files: readonly string[],
): Promise<void> {
  const first: ManifestHead = { format: ARCHIVE_FORMAT, files: files.length, ...head };
  const temporary = join(folder, `${TEMPORARY}${MANIFEST}`);
  await withRemoval(temporary, async () => {
    writeFileSync(temporary, [JSON.stringify(first), ...files, ''].join('\n'));
    sync(temporary);
    syncFolder(folder);
    renameSync(temporary, join(folder, MANIFEST));
    syncFolder(folder);
  });
}

const TEMPORARY = '.tmp-';
const LOCK = '.lock';

/** The run that wrote a part: its name without the -data_0.parquet that DuckDB gave it. */
const runOf = (part: string): string => basename(part).replace(/-data_\d+\.parquet$/, '');

/** Removes what no manifest names: of runs that were killed, and of parts that are outdated. */
function removeLeftovers(folder: string, archive: Archive | undefined): void {
  const named = new Set(archive?.parts.map((part) => join(folder, part)));
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(TEMPORARY)))
    rmSync(join(folder, name), { recursive: true, force: true });
  for (const file of parquetFiles(folder)) if (!named.has(file)) rmSync(file);
}

/** Takes the folder for this process. The lock of a process that is gone is taken over. */
function lock(folder: string): () => void {
  const path = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, OWNER, { flag: 'wx' });
      const release = (): void => {
        process.off('exit', release);
        if (isOwn(path)) rmSync(path, { force: true });
      };
      process.once('exit', release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isStale(path)) break;
      rmSync(path, { force: true });
    }
  }
  throw new ClawtraceError(
    `Another clawtrace is writing to ${folder}. Try again when it is done; if none is, remove ${path}.`,
  );
}

const isOwn = (path: string): boolean => existsSync(path) && readFileSync(path, 'utf8') === OWNER;

/** Two processes that find an orphaned lock may both take it: only one of them ends up with it. */
function checkLock(folder: string): void {
  if (!isOwn(join(folder, LOCK)))
    throw new ClawtraceError(`Another clawtrace took over ${folder}. Nothing was changed; try again when it is done.`);
}

/** Whether its process is gone, or ended before it wrote its name. */
function isStale(path: string): boolean {
  try {
    const owner = readFileSync(path, 'utf8');
    return !new RegExp(`^${OWNER_PATTERN}$`).test(owner) || isGone(owner);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
