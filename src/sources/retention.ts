import { dirname, join } from 'node:path';
import { parseObject } from '../files/json-object.ts';
import type { Root } from './source.ts';

/** Claude Code deletes a transcript this many days after its last change, if its settings say nothing else. */
export const DEFAULT_DAYS = 30;

/** Reads a file; undefined where there is none. */
type ReadText = (path: string) => string | undefined;

/** The shortest period of the Claude Code installs that were found: settings.json is beside their projects folder. */
export function cleanupPeriodDays(roots: readonly Root[], read: ReadText): number {
  const periods = roots
    .filter((root) => root.source === 'claude_code' && root.is_found)
    .map((root) => readPeriod(join(dirname(root.path), 'settings.json'), read));
  return periods.length > 0 ? Math.min(...periods) : DEFAULT_DAYS;
}

function readPeriod(path: string, read: ReadText): number {
  const settings = parseObject(read(path) ?? '') as { cleanupPeriodDays?: unknown } | undefined;
  const days = settings?.cleanupPeriodDays;
  return typeof days === 'number' && days >= 0 && days <= 1_000_000 ? Math.floor(days) : DEFAULT_DAYS;
}
