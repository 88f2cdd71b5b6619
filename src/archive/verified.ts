import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivateFolder, PRIVATE } from '../files/private-files.ts';
import { OWNER } from '../files/owner.ts';
import { readSmallFile } from '../files/regular-file.ts';
import { stateFolder } from '../settings/folders.ts';

/** Remembers which parts of archives were read whole and found as they were written, and how the files looked then. */
const verifiedFile = (): string => join(stateFolder(), 'verified-parts.json');

/** Nothing, where that cannot be told: then parts are verified once more. */
export function readVerified(): Map<string, string> {
  try {
    return new Map(Object.entries(JSON.parse(readSmallFile(verifiedFile())) as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** Keeps what is new, and forgets parts that are gone. A disk that takes no more is no reason to stop. */
export function writeVerified(verified: ReadonlyMap<string, string>): void {
  const before = readVerified();
  if ([...verified].every(([path, state]) => before.get(path) === state)) return;
  const entries = [...verified].filter(([path]) => existsSync(path));
  const beside = `${verifiedFile()}.${OWNER}`;
  try {
    makePrivateFolder(dirname(verifiedFile()));
    writeFileSync(beside, JSON.stringify(Object.fromEntries(entries)), { mode: PRIVATE });
    renameSync(beside, verifiedFile());
  } catch {
    return;
  }
}
