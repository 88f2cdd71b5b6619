import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Values } from '../request/arguments.ts';
import { FILTER_ARGS, SETTING_ARGS } from '../request/options.ts';
import { writeBeside } from '../files/atomic-file.ts';
import { ClawtraceError } from '../errors.ts';
import { expandHome } from '../files/home.ts';
import { log } from '../log.ts';
import type { Command } from './command.ts';

export const dashboard: Command = {
  name: 'dashboard',
  description: `Write a page with charts and tables: one file that opens anywhere.

The page contains sums and names, never the conversation. It loads nothing and sends nothing.

  clawtrace dashboard --open
  clawtrace dashboard --last 90d -o costs.html`,
  args: {
    output: {
      type: 'string',
      alias: 'o',
      valueHint: 'FILE',
      description: 'Where to write it, - for stdout (default: clawtrace.html)',
    },
    open: { type: 'boolean', description: 'Open it in the browser' },
    ...FILTER_ARGS,
    ...SETTING_ARGS,
  },
  run: async ({ output = 'clawtrace.html', open, ...values }, catalog) => {
    if (output === '-' && open) throw new ClawtraceError('--open needs a file: leave out -o -.');
    const file = resolve(expandHome(output as string));
    if (output !== '-') (await import('../ask/protected.ts')).targetCheck(values as Values, catalog)(file);
    const page = await (await import('../pages/page.ts')).makePage(values as Values, catalog);
    if (output === '-') return void process.stdout.write(page);
    await writeBeside(file, (beside) => writeFileSync(beside, page));
    log.info(`${file}: ${Math.ceil(Buffer.byteLength(page) / 1000).toLocaleString('en-US')} kB.`);
    if (open) await (await import('../pages/browser.ts')).openInBrowser(pathToFileURL(file).href);
  },
};
