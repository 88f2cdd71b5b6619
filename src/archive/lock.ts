import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ClawtraceError } from '../errors.ts';
import { fateOf, OWNER } from '../files/owner.ts';
import { PRIVATE } from '../files/private-files.ts';
import { readIfThere, whyUnreadable } from '../files/regular-file.ts';

/** The one run that may change an archive. */
export interface Lock {
  /** Throws where another run has taken over: nothing may be changed any more. */
  readonly check: () => void;
  readonly release: () => void;
}

const NAME = '.lock';
/** How often the owner shows that it is alive, and for how long it may be silent where nobody can look it up. */
const BEAT_MS = 5000;
const SILENCE_MS = 60_000;

/**
 * Takes an archive for this run. A lock is a file that only one run can create; whose owner is gone is taken over. An
 * owner in another container, or on another computer, is alive as long as it touches its lock.
 */
export function takeLock(folder: string): Lock {
  const path = join(folder, NAME);
  const id = `${OWNER} ${randomUUID()}`;
  if (!create(path, id) && !(removeStale(path) && create(path, id)))
    throw new ClawtraceError(
      `Another clawtrace is writing to ${folder}. Try again when it is done; one that was killed gives way after a minute.`,
    );
  const beat = setInterval(() => touch(path, id), BEAT_MS).unref();
  const release = (): void => {
    clearInterval(beat);
    process.off('exit', release);
    if (contentOf(path) === id) rmSync(path, { force: true });
  };
  process.once('exit', release);
  return {
    check: () => {
      if (contentOf(path) === id) return;
      throw new ClawtraceError(
        `Another clawtrace took over ${folder}. Nothing was changed; try again when it is done.`,
      );
    },
    release,
  };
}

/** A lock has its content from the start: a run that is killed meanwhile leaves none that nobody can tell the owner of. */
function create(path: string, id: string): boolean {
  const beside = `${path}-${randomUUID()}`;
  writeFileSync(beside, id, { flag: 'wx', mode: PRIVATE });
  try {
    return isDone(() => linkSync(beside, path));
  } catch (error) {
    // a disk without hard links
    if (!/^(EPERM|ENOSYS|ENOTSUP|EOPNOTSUPP|EMLINK)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return isDone(() => writeFileSync(path, id, { flag: 'wx', mode: PRIVATE }));
  } finally {
    rmSync(beside, { force: true });
  }
}

/** False where the lock exists already. */
function isDone(create: () => void): boolean {
  try {
    create();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a lock aside whose owner is gone. A rename is done by one of several that try; if it turns out to have moved
 * the lock of a run that came in between, that run finds its lock missing, and changes nothing.
 */
function removeStale(path: string): boolean {
  const stale = contentOf(path);
  if (stale === undefined) return true;
  if (!isStale(path, stale)) return false;
  const aside = `${path}-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const moved = contentOf(aside);
  rmSync(aside, { force: true });
  return moved === stale;
}

function isStale(path: string, content: string): boolean {
  const fate = fateOf(content.split(' ')[0]!);
  return fate === 'unknown' ? silenceOf(path) > SILENCE_MS : fate === 'gone';
}

/**
 * How far the time of a lock is from now, by the clock of the disk that it is on: that of another computer may differ.
 * A lock from the future was touched before that clock was set back: its owner would have touched it again since.
 */
function silenceOf(path: string): number {
  const probe = `${path}-${randomUUID()}`;
  closeSync(openSync(probe, 'wx', PRIVATE));
  try {
    const [now, then] = [probe, path].map((file) => statSync(file, { throwIfNoEntry: false }));
    // whoever has the archive now has removed the probe
    if (!now) return 0;
    return then ? Math.abs(now.mtimeMs - then.mtimeMs) : Infinity;
  } finally {
    rmSync(probe, { force: true });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readIfThere(path);
  } catch (error) {
    throw new ClawtraceError(`${path}: cannot be read (${whyUnreadable(error)}). If no clawtrace runs, remove it.`);
  }
}

/** Writes the lock as it is: the disk's own clock then tells when. */
function touch(path: string, id: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      if (readFileSync(file, 'utf8') === id) writeSync(file, id, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // a disk that is gone: the next check says so
  }
}
