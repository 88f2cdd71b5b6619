/** Signals that end the process, with the exit code by which a shell tells of them. */
export const ENDING_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type EndingSignal = keyof typeof ENDING_SIGNALS;

/**
 * Ends the process at once, by a signal: what is left to remove goes first, and nothing is waited for. An ordinary exit
 * waits until DuckDB is done with its query, and some of its functions do not look whether they were interrupted.
 */
export function endBySignal(signal: EndingSignal): never {
  process.once('exit', () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  // the first process of a container survives its own signals: it waits
  process.exit(ENDING_SIGNALS[signal]);
}
