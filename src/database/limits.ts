import type { Connection } from './connection.ts';
import { endBySignal } from '../ending.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';

/** What a query may take. */
export interface Limits {
  readonly seconds?: number | undefined;
  /** Memory of DuckDB's, in bytes. */
  readonly memory?: number | undefined;
}

/** Memory that comes on top: rows on their way to the output, and what DuckDB does not count. */
export const MEMORY_ALLOWANCE = 500e6;

const LOOK_MS = 50;
/** One interrupt stops one query: those that follow need their own. */
export const AGAIN_MS = 20;
/** How long DuckDB has to notice that it was interrupted. Memory may be taken at gigabytes a second. */
const GRACE_MS = { time: 1000, memory: 100 };

/**
 * Stops the work when it takes more: whatever it asks of the database from then on fails. Where DuckDB does not stop,
 * the process ends.
 */
export async function withLimits<Value>(
  connection: Connection,
  { seconds, memory }: Limits,
  work: () => Promise<Value>,
): Promise<Value> {
  const timers: NodeJS.Timeout[] = [];
  let excess: ClawtraceError | undefined;
  const stop = (grace: number, why: string): void => {
    if (excess) return;
    excess = new ClawtraceError(`query: stopped ${why}`);
    timers.push(
      setInterval(() => connection.interrupt(), AGAIN_MS),
      setTimeout(() => endLoudly(excess!), grace),
    );
  };
  if (seconds !== undefined)
    timers.push(setTimeout(() => stop(GRACE_MS.time, `after ${seconds} s, as --timeout says.`), seconds * 1000));
  if (memory !== undefined) {
    const most = process.memoryUsage.rss() + memory + MEMORY_ALLOWANCE;
    const look = (): void => {
      if (process.memoryUsage.rss() > most) stop(GRACE_MS.memory, TOO_MUCH);
    };
    timers.push(setInterval(look, LOOK_MS));
  }
  try {
    return await work();
  } catch (error) {
    throw excess ?? error;
  } finally {
    timers.forEach((timer) => clearTimeout(timer));
  }
}

const TOO_MUCH = `at ${MEMORY_ALLOWANCE / 1e6} MB more than --memory-limit says.`;

/** The exit code is that of the process which waits for this one (limited.ts). */
function endLoudly(error: ClawtraceError): never {
  log.error(error.message);
  endBySignal('SIGTERM');
}
