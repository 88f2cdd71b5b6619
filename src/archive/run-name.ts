import type { Archive } from './manifest.ts';

/** Names of runs are times, and sort as such: one that would not come after the last is a millisecond later than it. */
export function runName(before: Archive | undefined): string {
  return new Date(Math.max(Date.now(), timeOf(before?.run ?? '') + 1)).toISOString().replaceAll(/[-:.]/g, '');
}

/** The time that the name of a run says; 0 where it says none. */
export function timeOf(run: string): number {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(run) ?? [];
  return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`) : 0;
}
