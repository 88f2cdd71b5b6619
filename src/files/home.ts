import { homedir } from 'node:os';

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
