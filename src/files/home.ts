import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The home folder, or the current one if the system knows none. */
export function home(): string {
  try {
    return homedir();
  } catch {
    return process.cwd();
  }
}

export function expandHome(path: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => home());
}

/** A base folder of the XDG specification, which says to ignore a variable that is no absolute path. */
export function baseFolder(named: string | undefined, ...usual: readonly string[]): string {
  return named && isAbsolute(named) ? named : join(home(), ...usual);
}
