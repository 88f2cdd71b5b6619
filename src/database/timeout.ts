import type { Connection } from './connection.ts';
import { ClawtraceError } from '../errors.ts';

const AGAIN_MS = 20;

/** Stops the work when the time is up: whatever it asks of the database from then on fails. */
export async function withTimeout<Value>(
  connection: Connection,
  seconds: number | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  if (seconds === undefined) return work();
  let again: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => (again = setInterval(() => connection.interrupt(), AGAIN_MS)), seconds * 1000);
  try {
    return await work();
  } catch (error) {
    if (again) throw new ClawtraceError(`query: stopped after ${seconds} s, as --timeout says.`);
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(again);
  }
}
