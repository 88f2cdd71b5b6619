import { existsSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { expandHome } from '../files/home.ts';

/** The folders that a name or pattern stands for. A name that exists is never read as a pattern. */
export function foldersOf(pattern: string): string[] {
  const path = resolve(expandHome(pattern));
  if (existsSync(path)) return [path];
  const { base, glob } = picomatch.scan(path.replaceAll(sep, '/'));
  return glob ? matching(base || '/', glob.split('/')) : [];
}

function matching(folder: string, [segment, ...rest]: readonly string[]): string[] {
  if (segment === undefined) return [folder];
  if (segment === '**') return [folder, ...foldersBelow(folder)].flatMap((below) => matching(below, rest));
  const isMatch = picomatch(segment);
  return subfolders(folder, isFolder)
    .filter((name) => isMatch(name))
    .flatMap((name) => matching(join(folder, name), rest));
}

/** Links are not followed here: they may form a cycle. */
function foldersBelow(folder: string): string[] {
  return subfolders(folder, (entry) => entry.isDirectory())
    .map((name) => join(folder, name))
    .flatMap((below) => [below, ...foldersBelow(below)]);
}

const isFolder = (entry: Dirent): boolean =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() &&
    Boolean(statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.isDirectory()));

/** A folder that cannot be read holds no archive that could be read. */
function subfolders(folder: string, isWanted: (entry: Dirent) => boolean): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(isWanted)
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
