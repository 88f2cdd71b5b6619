import { closeSync, openSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PRIVATE } from '../files/private-files.ts';
import { packagePath } from '../package.ts';
import { encodeKeys, type Keys } from './keys.ts';
import { Machine } from './machine.ts';
import { scanFile, type Job, type Scanned } from './scan-file.ts';

/** What is asked of a scan. */
export interface Scan {
  readonly jobs: readonly Job[];
  readonly keys: Readonly<Record<string, Keys>>;
  /** Whether lines without a key that matters are handed over, too. */
  readonly keepsAll: boolean;
  /** Where what is handed over is written: a file per source and thread, whose names begin with the prefix. */
  readonly folder: string;
  readonly prefix: string;
}

/** What a scan gives. */
export interface ScannedLogs {
  /** The files of JSON lines that are read in the place of the logs, by source. */
  readonly outputs: readonly { readonly source: string; readonly path: string }[];
  readonly files: readonly Scanned[];
}

/** A thread takes as long to start as reading this many bytes takes. */
const BYTES_PER_THREAD = 50e6;
/** Disks and memory give no more, whatever the number of cores. */
const MOST_THREADS = 8;

/** Scans logs, in several threads where there are enough of them, and tells now and then which share of them it has. */
export async function scanLogs(
  scan: Scan,
  tell: (share: number) => void,
  threads = availableParallelism(),
): Promise<ScannedLogs> {
  const bytes = scan.jobs.reduce((sum, job) => sum + job.bytes, 0);
  const count = Math.min(threads, MOST_THREADS, Math.floor(bytes / BYTES_PER_THREAD));
  if (count < 2) return scanHere(scan, () => undefined);
  let read = 0;
  const onRead = (more: number): void => tell((read += more) / bytes);
  const parts = deal(scan.jobs, count);
  const done = await Promise.all(
    parts.map((jobs, index) => inThread({ ...scan, jobs, prefix: `${scan.prefix}${index}-` }, onRead)),
  );
  return { outputs: done.flatMap(({ outputs }) => outputs), files: done.flatMap(({ files }) => files) };
}

/** The largest first, each to the thread that has least to do. */
function deal(jobs: readonly Job[], count: number): Job[][] {
  const parts = Array.from({ length: count }, () => ({ jobs: [] as Job[], bytes: 0 }));
  for (const job of [...jobs].sort((a, b) => b.bytes - a.bytes)) {
    const least = parts.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    least.jobs.push(job);
    least.bytes += job.bytes;
  }
  return parts.map((part) => part.jobs);
}

function inThread(scan: Scan, onRead: (bytes: number) => void): Promise<ScannedLogs> {
  const worker = new Worker(packagePath('dist/scan-thread.js'), { workerData: scan });
  return new Promise((done, fail) => {
    worker.on('message', (message: ScannedLogs | number) =>
      typeof message === 'number' ? onRead(message) : done(message),
    );
    worker.once('error', fail);
    // a thread that stops without an answer would be waited for forever
    worker.once('exit', (code) => fail(new Error(`a thread that reads logs stopped (${code}).`)));
  });
}

/** Scans logs in this thread. */
export async function scanHere(
  { jobs, keys, keepsAll, folder, prefix }: Scan,
  onRead: (bytes: number) => void,
): Promise<ScannedLogs> {
  const machine = new Machine();
  const outputs = Object.entries(keys).map(([source, wanted]) => {
    const path = join(folder, `${prefix}${source}.jsonl`);
    return { source, path, file: openSync(path, 'w', PRIVATE), encoded: encodeKeys(wanted), keys: wanted };
  });
  try {
    const files: Scanned[] = [];
    for (const job of jobs) {
      const { file, encoded, keys: wanted } = outputs.find(({ source }) => source === job.source)!;
      files.push(await scanFile(machine, job, { keys: wanted, encoded, keepsAll }, (lines) => writeAll(file, lines)));
      onRead(job.bytes);
    }
    return { outputs: outputs.map(({ source, path }) => ({ source, path })), files };
  } finally {
    for (const { file } of outputs) closeSync(file);
  }
}

function writeAll(file: number, lines: Uint8Array): void {
  for (let rest = lines; rest.length > 0;) rest = rest.subarray(writeSync(file, rest));
}
