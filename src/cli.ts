#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { endBySignal, ENDING_SIGNALS, type EndingSignal } from './ending.ts';
import { log } from './log.ts';
import { stateFolder } from './settings/folders.ts';

for (const signal of Object.keys(ENDING_SIGNALS) as EndingSignal[]) process.on(signal, () => endBySignal(signal));
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  log.error(`cannot write to standard output: ${message}`);
  process.exit(1);
});
// Node 22.1 and later can keep compiled code; the types are those of the oldest Node that we support
(module as { enableCompileCache?: (folder: string) => void }).enableCompileCache?.(join(stateFolder(), 'compiled'));
const { isLimited, runApart } = await import('./limited.ts');
if (isLimited(process.argv.slice(2))) await runApart();
else {
  await (await import('./main.ts')).main(process.argv.slice(2));
  await (await import('./afterwards.ts')).doAfterwards();
}
