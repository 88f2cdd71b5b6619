import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Whether node_modules holds what the lockfile says: npm notes there what it installed. */
export const isInstalled = () => timeOf('node_modules/.package-lock.json') >= timeOf('package-lock.json');

const timeOf = (path) => statSync(ROOT + path, { throwIfNoEntry: false })?.mtimeMs ?? -1;

/** Installs what the notebooks are built with. */
export function install() {
  if (isInstalled()) return;
  // npm says where it is, so that no shell is needed to find it
  const npm = process.env.npm_execpath;
  if (!npm) throw new Error('run it as npm run notebooks, or install first: npm ci --prefix notebooks.');
  const { status } = spawnSync(process.execPath, [npm, 'ci', '--prefix', ROOT, '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('npm ci --prefix notebooks failed.');
}
