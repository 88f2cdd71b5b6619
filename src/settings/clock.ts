import { ClawtraceError } from '../errors.ts';

/** The one clock. CLAWTRACE_NOW sets it, so that tests and --demo have a fixed day. */
export function now(): Date {
  const fixed = process.env.CLAWTRACE_NOW;
  if (!fixed) return new Date();
  const date = new Date(fixed);
  if (Number.isNaN(date.getTime())) {
    throw new ClawtraceError(`CLAWTRACE_NOW is not a time: '${fixed}'. Use 2026-05-01T12:00:00Z.`);
  }
  return date;
}
