import { closeSync, fstatSync, readSync } from 'node:fs';
import { parseObject } from '../files/json-object.ts';
import { openRegular } from '../files/regular-file.ts';

/** The lines that this much of a log's end holds tell when it ends. */
const END = 2 ** 16;

/**
 * When the last lines of a log were written; undefined where its end does not tell. Logs are written in the order of
 * time.
 */
export function lastTime(path: string): number | undefined {
  const times = endOf(path).flatMap((line) => {
    const { timestamp } = (parseObject(line) ?? {}) as { timestamp?: unknown };
    const time = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
    return Number.isNaN(time) ? [] : [time];
  });
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Lines that may have lost their start, which is no JSON then. */
function endOf(path: string): string[] {
  try {
    const file = openRegular(path);
    try {
      const end = Buffer.alloc(END);
      const length = readSync(file, end, 0, END, Math.max(0, fstatSync(file).size - END));
      return end.toString('utf8', 0, length).split('\n');
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
}
