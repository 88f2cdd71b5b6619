import { spawn } from 'node:child_process';
import { log } from '../log.ts';

/** Opens an address with the system's own browser. No shell is involved. */
export async function openInBrowser(address: string): Promise<void> {
  const [command, args] = opener(address);
  const child = spawn(command, args, { stdio: 'ignore', detached: true, windowsHide: true });
  await new Promise<void>((done) => {
    child.once('spawn', done);
    child.once('error', () => {
      log.warn(`cannot open a browser: there is no ${command}. Open ${address} yourself.`);
      done();
    });
  });
  child.unref();
}

function opener(address: string): [string, string[]] {
  if (process.platform === 'darwin') return ['open', [address]];
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', address]];
  return ['xdg-open', [address]];
}
