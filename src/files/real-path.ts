import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disks } from './disks.ts';

/** The real path of what may not be there: of the folder that is, and the rest of the name. */
export function realPathOf(path: string, disks: Disks): string {
  if (disks.deadOn(path) !== undefined) return path;
  if (existsSync(path)) return realpathSync.native(path);
  const folder = dirname(path);
  return folder === path ? path : join(realPathOf(folder, disks), basename(path));
}
