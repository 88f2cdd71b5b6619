import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endBySignal, ENDING_SIGNALS, type EndingSignal } from './ending.ts';
import { log } from './log.ts';

/** Set in the process that does the work. */
const APART = 'CLAWTRACE_APART';

/** Whether a command line sets a limit to a query, and this process is not the one that keeps it. */
export const isLimited = (argv: readonly string[]): boolean =>
  !process.env[APART] && argv.includes('query') && argv.some((word) => /^--(timeout|memory-limit)(=|$)/.test(word));

/**
 * Runs this command line in a process of its own, and exits as that does. A query that does not stop at its limit can
 * only be ended together with its process, and one that is ended so cannot choose its exit code.
 */
export async function runApart(): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [APART]: '1' },
  });
  let told: EndingSignal | undefined;
  for (const signal of Object.keys(ENDING_SIGNALS) as EndingSignal[]) {
    process.removeAllListeners(signal).on(signal, () => {
      told = signal;
      child.kill(signal);
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === null && told) endBySignal(told);
  if (signal === 'SIGKILL') log.error('query: the system ended it (SIGKILL), perhaps because memory ran out.');
  process.exitCode = code ?? 1;
}
