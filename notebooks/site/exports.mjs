import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const DATA = fileURLToPath(new URL('../data/', import.meta.url));
const query = (name) => ['--file', fileURLToPath(new URL(`../exports/${name}.sql`, import.meta.url))];

/** What each file in data/ holds, as arguments of `clawtrace export`. */
const EXPORTS = {
  // a report first: it gives the best errors about the user's options
  projected: ['projected'],
  usage: query('usage'),
  prices: query('prices'),
  about: query('about'),
  budget: ['budget'],
  expected: query('expected'),
  'anomalies-rolling': ['anomalies'],
  'anomalies-rolling-project': ['anomalies', '--by=project'],
  'anomalies-rolling-model': ['anomalies', '--by=model'],
  'anomalies-robust': ['anomalies', '--method=robust'],
  'anomalies-robust-project': ['anomalies', '--method=robust', '--by=project'],
  'anomalies-robust-model': ['anomalies', '--method=robust', '--by=model'],
};

/** Writes what the notebooks read, with the user's own options on every command line. */
export async function writeExports(options, signal) {
  if (!existsSync(CLI)) throw new Error('clawtrace is not built: npm run build.');
  rmSync(DATA, { recursive: true, force: true });
  mkdirSync(DATA, { mode: 0o700 });
  const said = new Set();
  for (const [name, args] of Object.entries(EXPORTS)) {
    const { code, lines } = await run([...args, ...options, '-o', `${DATA}${name}.parquet`], signal);
    if (code !== 0) throw new Error(lines.join('\n') || `clawtrace export ended with ${code}.`);
    // every export warns about the same logs: once is enough
    for (const line of lines.filter((text) => !said.has(text) && !text.startsWith(DATA))) console.error(line);
    for (const line of lines) said.add(line);
  }
}

async function run(args, signal) {
  const child = spawn(process.execPath, [CLI, 'export', ...args], { stdio: ['ignore', 'ignore', 'pipe'], signal });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  return { code, lines: text.split('\n').filter((line) => line !== '') };
}
