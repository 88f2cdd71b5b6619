import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Root } from './discover.ts';

/** Claude Code deletes a transcript this many days after its last change, if its settings say nothing else. */
const DEFAULT_DAYS = 30;

/** The shortest period of the Claude Code installs that were found: settings.json is beside their projects folder. */
export function cleanupPeriodDays(roots: readonly Root[]): number {
  const periods = roots
    .filter((root) => root.source === 'claude_code' && root.is_found)
    .map((root) => readPeriod(join(dirname(root.path), 'settings.json')));
  return periods.length > 0 ? Math.min(...periods) : DEFAULT_DAYS;
}

function readPeriod(path: string): number {
  try {
    const { cleanupPeriodDays: days } = JSON.parse(readFileSync(path, 'utf8')) as { cleanupPeriodDays?: unknown };
    return typeof days === 'number' && days >= 0 && days <= 1_000_000 ? Math.floor(days) : DEFAULT_DAYS;
  } catch {
    return DEFAULT_DAYS;
  }
}
