import type { Values } from '../request/arguments.ts';
import { SETTING_ARGS } from '../request/options.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import type { Command } from './command.ts';

const DEFAULT_PORT = '19898';
/** The process lives until its children are gone. SIGTERM is how a service is told to end: no failure. */
const ENDS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 0 };

export const serve: Command = {
  name: 'serve',
  description: `Serve the dashboard and every report on this machine, computed afresh for each request.

The page is at /, a report at /api/NAME.json and .csv; its options are query parameters:
/api/daily.json?last=7d&project=shop-api. /api/ lists them all. Only programs on this machine can connect.

  clawtrace serve --open`,
  args: {
    port: { type: 'string', valueHint: 'N', description: `Port on 127.0.0.1, 0 for any (default: ${DEFAULT_PORT})` },
    open: { type: 'boolean', description: 'Open the page in the browser' },
    ...SETTING_ARGS,
  },
  run: async ({ port = DEFAULT_PORT, open, ...settings }, catalog) => {
    const { startServer } = await import('../pages/server.ts');
    const server = await startServer(readPort(port as string), settings as Values, catalog);
    log.info(`Serving ${server.address} (Ctrl-C stops it)`);
    for (const [signal, code] of Object.entries(ENDS)) {
      process.removeAllListeners(signal).on(signal, () => {
        process.exitCode = code;
        server.stop();
      });
    }
    if (open) await (await import('../pages/browser.ts')).openInBrowser(server.address);
    await server.stopped;
  },
};

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new ClawtraceError(`--port must be a number up to 65535, not '${text}'.`);
  }
  return port;
}
