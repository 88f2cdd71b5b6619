import type { Connection } from './connection.ts';

const DELAY_MS = 500;
const WIDTH = 24;

/** Shows the progress of a query on a terminal's stderr, once it takes longer than half a second. */
export async function withProgress<Value>(connection: Connection, work: () => Promise<Value>): Promise<Value> {
  if (!process.stderr.isTTY || process.env.CI) return work();
  await connection.run('set enable_progress_bar = true; set enable_progress_bar_print = false');
  const start = Date.now();
  let isDrawn = false;
  const timer = setInterval(() => {
    if (Date.now() - start < DELAY_MS) return;
    isDrawn = true;
    process.stderr.write(`\r\u001b[2K${bar(connection.progress.percentage)}`);
  }, 100);
  try {
    return await work();
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
