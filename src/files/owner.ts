import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/**
 * Names the process that owns a temporary file or a lock: where its number counts, the number, and when it started. A
 * later run can then tell what a killed one left behind from what another one is writing right now.
 */
export const OWNER = `${scope()}-${process.pid}-${startOf(process.pid) ?? 0}`;

/** What OWNER looks like, for the patterns of names. */
export const OWNER_PATTERN = '[0-9a-f]{8}-[0-9]+-[0-9]+';

/** What is said of a process that cannot be looked up from here. */
export type Fate = 'gone' | 'alive' | 'unknown';

/** Whether a process is gone. Its number alone says nothing: it may be of another container, or reused. */
export function fateOf(owner: string): Fate {
  const [place, pid, start] = owner.split('-');
  if (place !== scope()) return 'unknown';
  if (owner === OWNER) return 'alive';
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  const running = startOf(Number(pid));
  return running !== undefined && start !== String(running) ? 'gone' : 'alive';
}

/** What an unknown process left is removed once nothing has touched it for so long. */
const ABANDONED_DAYS = 7;

/** Whether what a process left at a path can be removed. */
export function isAbandoned(owner: string, path: string): boolean {
  const fate = fateOf(owner);
  if (fate !== 'unknown') return fate === 'gone';
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_DAYS * 86_400_000;
}

/**
 * Where a process number counts: one boot of one system, and in it one namespace of processes. Two containers, or two
 * computers that share a name and a disk, differ. Systems without /proc are told apart by their network cards.
 */
function scope(): string {
  const boot = read('/proc/sys/kernel/random/boot_id');
  const place =
    boot ??
    Object.values(networkInterfaces())
      .flatMap((cards) => cards?.map(({ mac }) => mac) ?? [])
      .join();
  return createHash('sha256').update(`${hostname()}\n${place}\n${processNamespace()}`).digest('hex').slice(0, 8);
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** When a process started, in the kernel's ticks since boot; undefined where the system does not tell. */
function startOf(pid: number): number | undefined {
  // the name of the program, in parentheses, may hold anything; the start is the 20th field after it
  const fields = read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields && Number(fields[19]);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
