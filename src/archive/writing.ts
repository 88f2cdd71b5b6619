import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { sync, syncFolder, withRemoval } from '../files/atomic-file.ts';
import { literalPath } from '../files/literal-path.ts';
import type { Lock } from './lock.ts';
import {
  ARCHIVE_FORMAT,
  MANIFEST,
  manifestText,
  partPaths,
  readManifest,
  type Archive,
  type ManifestHead,
  type Part,
} from './manifest.ts';
import { sha256Of } from './parts.ts';

/** Writes a part per month, each under a name of its own. */
export async function writeParts(connection: Connection, folder: string, run: string, lock: Lock): Promise<Part[]> {
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
export async function describePart(connection: Connection, folder: string, part: Part): Promise<Part> {
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
export async function writeManifest(
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
export function checkUnchanged(folder: string, known: Archive | undefined): void {
  if (readManifest(folder)?.run !== known?.run)
    throw new ClawtraceError(`Another clawtrace wrote to ${folder}. Nothing was changed; try again.`);
}

/** Removes what no manifest names: of runs that were killed, and of parts that are outdated. Nothing else is ours. */
export function removeLeftovers(folder: string, archive: Archive | undefined, check: () => void): void {
  const named = new Set(archive?.parts.map(({ path }) => path));
  const left = readdirSync(folder).filter((name) => LEFT.test(name));
  const outdated = archive ? partPaths(folder).filter((path) => !named.has(path)) : [];
  for (const path of [...left, ...outdated]) {
    check();
    rmSync(join(folder, path), { recursive: true, force: true });
  }
}
