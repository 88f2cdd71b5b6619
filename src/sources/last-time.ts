import { closeSync, fstatSync, readSync } from 'node:fs';
import { NEWLINE } from '../files/file-lines.ts';
import { parseObject } from '../files/json-object.ts';
import { openRegular } from '../files/regular-file.ts';

/** Bytes at the end of a log that hold its last line: nearly always, and but for the longest. */
const ENDS = [2 ** 13, 2 ** 18];

/**
 * When the last line of a log was written that has a time, for logs are written in the order of time; undefined where
 * the end of the file does not tell.
 */
export function lastTime(path: string): number | undefined {
  try {
    const file = openRegular(path);
    try {
      const { size } = fstatSync(file);
      for (const bytes of ENDS) {
        const end = Buffer.allocUnsafe(Math.min(bytes, size));
        const time = lastTimeIn(end.subarray(0, readSync(file, end, 0, end.length, size - end.length)));
        if (time !== undefined) return time;
      }
    } finally {
      closeSync(file);
    }
  } catch {
    // what cannot be read is said where it is read
  }
  return undefined;
}

/** The first of the lines may have lost its start, and is no JSON then. */
function lastTimeIn(lines: Buffer): number | undefined {
  for (let end = lines.length; end > 0;) {
    const start = lines.lastIndexOf(NEWLINE, end - 1) + 1;
    const { timestamp } = (parseObject(lines.toString('utf8', start, end)) ?? {}) as { timestamp?: unknown };
    const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    if (!Number.isNaN(time)) return time;
    end = start - 1;
  }
  return undefined;
}
