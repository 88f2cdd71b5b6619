import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { ARCHIVE_FORMAT, machineFolder, MANIFEST, readArchive, type Archive, type ManifestHead } from './archive.ts';
import { sync, syncFolder, writeBeside } from './atomic-file.ts';
import { rows, type Connection, type Variable } from './database.ts';
import { ClawtraceError } from './errors.ts';
import { isGone, OWNER, OWNER_PATTERN } from './owner.ts';
import { makePrivateFolder } from './private-files.ts';
import type { Request } from './request.ts';
import { openSession } from './session.ts';

export interface ArchiveOptions {
  /** Only files that have not changed since then. */
  readonly before: Date | undefined;
  /** Rewrite everything as one part per month. */
  readonly compacts: boolean;
  /** Leave out what is older, where the log is gone. */
  readonly purgeBefore: Date | undefined;
  readonly isDryRun: boolean;
}

export interface Archived {
  readonly folder: string;
  readonly files: number;
  readonly groups: number;
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
  if (options.isDryRun) return readAndWrite(request, folder, options);
  makePrivateFolder(folder);
  // DuckDB takes no modes
  process.umask(0o077);
  const release = lock(folder);
  try {
    return await readAndWrite(request, folder, options);
  } finally {
    release();
  }
}

async function readAndWrite(request: Request, folder: string, options: ArchiveOptions): Promise<Archived> {
  const before = readArchive(folder);
  const run = runName(before);
  const variables: Record<string, Variable> = {
    run: [run, 'varchar'],
    archive_before: [options.before?.toISOString() ?? null, 'timestamptz'],
    compacts: [options.compacts || Boolean(options.purgeBefore), 'boolean'],
    purge_before: [options.purgeBefore?.toISOString() ?? null, 'timestamptz'],
  };
  const sql = 'from archivable_line_groups join archive_manifest';
  const { connection, warnings } = await openSession(request, sql, { readsAllTime: true, variables });
  const [counted] = await rows(
    connection,
    `select (select count(*) from archivable_files)::integer as files,
      (select count(*) from archivable_line_groups)::integer as groups`,
  );
  const { files, groups } = counted as { files: number; groups: number };
  const done = { folder, files, groups, warnings };
  if (files === 0 || options.isDryRun) return { ...done, bytes: 0 };
  removeLeftovers(folder, before);
  const parts = groups > 0 ? await writeParts(connection, folder, run) : [];
  await writeManifest(connection, folder, request.config.machine, run, parts, before);
  // who purges wants it gone now, not with the next run
  if (options.purgeBefore) removeLeftovers(folder, readArchive(folder));
  return { ...done, bytes: parts.reduce((sum, part) => sum + statSync(join(folder, part)).size, 0) };
}

/** Names of runs sort by time; one that would not come after the last is moved behind it. */
function runName(before: Archive | undefined): string {
  const name = new Date().toISOString().replaceAll(/[-:.]/g, '');
  return before && name <= before.run ? `${before.run}+` : name;
}

/** Writes a part per month, each under a name of its own. Returns their paths within the folder. */
async function writeParts(connection: Connection, folder: string, run: string): Promise<string[]> {
  const temporary = join(folder, `${TEMPORARY}${run}`);
  await connection.run(
    `copy (from archivable_line_groups) to $temporary (format parquet, compression zstd, partition_by (month))`,
    { temporary },
  );
  const parts = parquetFiles(temporary).map((file) => {
    const month = relative(temporary, file).split(sep)[0]!;
    mkdirSync(join(folder, month), { recursive: true });
    const part = join(month, `${run}-${basename(file)}`);
    sync(file);
    renameSync(file, join(folder, part));
    syncFolder(join(folder, month));
    return part.replaceAll(sep, '/');
  });
  rmSync(temporary, { recursive: true });
  return parts;
}

/** The manifest comes last: until it has its name, the old one holds. */
async function writeManifest(
  connection: Connection,
  folder: string,
  machine: string,
  run: string,
  parts: readonly string[],
  before: Archive | undefined,
): Promise<void> {
  const files = await rows(
    connection,
    'select to_json(manifest)::varchar as line, run from archive_manifest as manifest',
  );
  const runs = new Set(files.map((file) => file.run as string));
  const kept = (before?.parts ?? [])
    .map((part) => relative(folder, part).replaceAll(sep, '/'))
    .filter((part) => runs.has(runOf(part)));
  const head: ManifestHead = { format: ARCHIVE_FORMAT, machine, run, parts: [...kept, ...parts].sort() };
  const lines = [JSON.stringify(head), ...files.map(({ line }) => line as string), ''];
  await writeBeside(join(folder, MANIFEST), (beside) => writeFileSync(beside, lines.join('\n')));
}

const TEMPORARY = '.tmp-';
const LOCK = '.lock';

/** The run that wrote a part: its name without the -data_0.parquet that DuckDB gave it. */
const runOf = (part: string): string => basename(part).replace(/-data_\d+\.parquet$/, '');

/** Removes what no manifest names: of runs that were killed, and of parts that are outdated. */
function removeLeftovers(folder: string, archive: Archive | undefined): void {
  const named = new Set(archive?.parts ?? []);
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith(TEMPORARY)))
    rmSync(join(folder, name), { recursive: true, force: true });
  for (const file of parquetFiles(folder)) if (!named.has(file)) rmSync(file);
}

function parquetFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => join(folder, name));
}

/** Takes the folder for this process. The lock of a process that is gone is taken over. */
function lock(folder: string): () => void {
  const path = join(folder, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, OWNER, { flag: 'wx' });
      const release = (): void => rmSync(path, { force: true });
      process.once('exit', release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isStale(path)) break;
      rmSync(path, { force: true });
    }
  }
  throw new ClawtraceError(`Another clawtrace is writing to ${folder}. Try again when it is done (${path}).`);
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
