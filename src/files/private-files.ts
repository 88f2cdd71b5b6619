import { mkdirSync } from 'node:fs';

/** The mode of a file that only its owner can read. */
export const PRIVATE = 0o600;

/** Makes a folder and its missing parents, which only their owner can enter. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
