import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { isAbandoned, OWNER, OWNER_PATTERN } from './owner.ts';
import { PRIVATE } from './private-files.ts';

/**
 * Writes a file as a whole or not at all: beside its place under a name of its own, then renamed. The
 * file that is there stays whole until then, and keeps its mode; a new one is private. What a killed
 * run left beside the same file goes.
 */
export async function writeBeside<Value>(
  path: string,
  write: (temporary: string) => Value | Promise<Value>,
): Promise<Value> {
  const target = realTarget(path);
  const mode = modeOf(target);
  removeLeftBeside(target);
  const temporary = join(dirname(target), temporaryName(basename(target)));
  return withRemoval(temporary, async () => {
    createPrivate(temporary, path);
    const value = await write(temporary);
    chmodSync(temporary, mode ?? PRIVATE);
    sync(temporary);
    renameSync(temporary, target);
    syncFolder(dirname(target));
    return value;
  });
}

/** Runs, and removes the file or folder whatever happens, including the end of the process. */
export async function withRemoval<Value>(path: string, run: () => Promise<Value>): Promise<Value> {
  if (doomed.size === 0) process.on('exit', removeDoomed);
  doomed.add(path);
  try {
    return await run();
  } finally {
    rmSync(path, { recursive: true, force: true });
    doomed.delete(path);
    if (doomed.size === 0) process.off('exit', removeDoomed);
  }
}

const doomed = new Set<string>();

function removeDoomed(): void {
  for (const path of doomed) rmSync(path, { recursive: true, force: true });
}

/** A link is written through: what it points to is replaced or created, not the link itself. */
export function realTarget(path: string): string {
  const target = resolve(path);
  try {
    return realpathSync(target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target;
    return realTarget(resolve(realpathSync(dirname(target)), readlinkSync(target)));
  }
}

/** Undefined if there is nothing yet. */
function modeOf(target: string): number | undefined {
  const there = statSync(target, { throwIfNoEntry: false });
  if (there && !there.isFile()) throw new ClawtraceError(`${target} is not a file. Name another one.`);
  return there && there.mode & 0o777;
}

/** File names have at most 255 bytes. */
const LONGEST_NAME = 200;

const temporaryName = (name: string, owner = OWNER): string =>
  `.${Buffer.from(name)
    .subarray(0, LONGEST_NAME)
    .toString('latin1')
    .replaceAll(/[^\w.-]/g, '_')}.${owner}.clawtrace`;

function removeLeftBeside(target: string): void {
  const folder = dirname(target);
  for (const { path, owner } of leftoversIn(folder)) {
    if (basename(path) === temporaryName(basename(target), owner) && isAbandoned(owner, path) && !doomed.has(path))
      rmSync(path, { recursive: true, force: true });
  }
}

const TEMPORARY = new RegExp(`\\.(${OWNER_PATTERN})\\.clawtrace$`);

/** Temporary files and folders of any run, and their owners. */
export function leftoversIn(folder: string): { path: string; owner: string }[] {
  return entriesOf(folder).flatMap((name) => {
    const owner = TEMPORARY.exec(name)?.[1];
    return owner ? [{ path: join(folder, name), owner }] : [];
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function createPrivate(temporary: string, path: string): void {
  try {
    closeSync(openSync(temporary, 'wx', PRIVATE));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ClawtraceError(
      code === 'ENOENT'
        ? `there is no folder ${dirname(resolve(path))}. Create it first.`
        : `cannot write ${path}: ${message}`,
    );
  }
}

/** The content must be on the disk before the file is renamed. */
export function sync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes a rename last. Windows cannot open a folder, and does this by itself. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
