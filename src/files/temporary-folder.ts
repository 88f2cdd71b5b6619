import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAbandoned, OWNER, OWNER_PATTERN } from './owner.ts';

let temporary: string | undefined;

/** A private folder, removed when the process ends; that of a killed process is removed by the next one. */
export function temporaryFolder(): string {
  if (!temporary) {
    removeLeftFolders();
    const folder = mkdtempSync(join(tmpdir(), `clawtrace-${OWNER}-`));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    temporary = folder;
  }
  return temporary;
}

const LEFT_FOLDER = new RegExp(`^clawtrace-(${OWNER_PATTERN})-\\w{6}$`);

/** The system's temporary folder is shared: only its owner can remove what another user left. */
function removeIfOurs(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!/^(EACCES|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function removeLeftFolders(): void {
  for (const name of namesIn(tmpdir())) {
    const owner = LEFT_FOLDER.exec(name)?.[1];
    if (owner && isAbandoned(owner, join(tmpdir(), name))) removeIfOurs(join(tmpdir(), name));
  }
}

/** A folder that can be written need not be one that can be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
