import type { Connection } from './connection.ts';

const DELAY_MS = 500;
const WIDTH = 24;

/**
 * Shows the progress of work on a terminal's stderr, once it takes longer than half a second: the share of it that the
 * work says is done, and until it says something, that of the query which runs.
 */
export async function withProgress<Value>(
  connection: Connection,
  work: (tell: (share: number) => void) => Promise<Value>,
): Promise<Value> {
  let told: number | undefined;
  const tell = (share: number): void => void (told = share);
  if (!process.stderr.isTTY || process.env.CI) return work(tell);
  await connection.run('set enable_progress_bar = true; set enable_progress_bar_print = false');
  const start = Date.now();
  let isDrawn = false;
  const timer = setInterval(() => {
    if (Date.now() - start < DELAY_MS) return;
    isDrawn = true;
    process.stderr.write(`\r\u001b[2K${bar(told === undefined ? connection.progress.percentage : told * 100)}`);
  }, 100);
  try {
    return await work(tell);
  } finally {
    clearInterval(timer);
    if (isDrawn) process.stderr.write('\r\u001b[2K');
  }
}

function bar(percentage: number): string {
  const done = Math.max(0, Math.min(100, percentage));
  const filled = Math.round((done / 100) * WIDTH);
  return `reading logs ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.round(done)} %`;
}
