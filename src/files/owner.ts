import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * Names the process that owns a temporary file, in the file's name: so a later run can tell what a
 * killed one left behind from what another one is writing right now.
 */
export const OWNER = `${hashOfHost()}-${process.pid}`;

/** What OWNER looks like, for patterns of file names. */
export const OWNER_PATTERN = '[0-9a-f]{6}-[0-9]+';

/** True if that process ran on this machine and is gone. Our own process id may have been used before. */
export function isGone(owner: string): boolean {
  const [host, pid] = owner.split('-');
  if (host !== hashOfHost()) return false;
  if (owner === OWNER) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function hashOfHost(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
}
