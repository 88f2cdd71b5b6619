import { closeSync, constants, fstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';

/** What is larger is none of the files that are read as a whole, and might fill the memory. */
const LARGEST = 256 * 2 ** 20;

/** Opens a file for reading, and nothing else: a pipe or a device may never answer, or never end. */
export function openRegular(path: string): number {
  // opening a device may set it to work
  checkKind(statSync(path));
  // opening what became a pipe meanwhile must not wait for its writer. Windows has no such flag
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    checkKind(fstatSync(file));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function checkKind(stat: Stats): void {
  const kind = kindOf(stat);
  if (kind) throw new Error(`it is a ${kind}, not a file`);
}

/** The text of a file that is small by what it is for. */
export function readSmallFile(path: string): string {
  const file = openRegular(path);
  try {
    if (fstatSync(file).size > LARGEST) throw new Error(`it is larger than ${LARGEST / 2 ** 20} MiB`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** The same; undefined where there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readSmallFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Reads a file that matters little: what is in the way of it is said, and the file is left out. */
export function readOrSay(path: string, say: (warning: string) => void): string | undefined {
  try {
    return readIfThere(path);
  } catch (error) {
    say(`${path}: skipped, it cannot be read (${whyUnreadable(error)}).`);
    return undefined;
  }
}

/** Whether an error says that there is nothing of that name. */
export function isMissing(error: unknown): boolean {
  return /^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? '');
}

/** Why a file could not be read, in a few words. */
export function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

type Kind = Pick<Stats, 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice'>;

/** What something is that has the name of a file and is none; undefined for files and folders. */
export function kindOf(entry: Kind): string | undefined {
  if (entry.isFIFO()) return 'named pipe';
  if (entry.isSocket()) return 'socket';
  return entry.isCharacterDevice() || entry.isBlockDevice() ? 'device' : undefined;
}
