import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import type { Report } from '../src/catalog/catalog.ts';
import { doAfterwards } from '../src/afterwards.ts';
import { closeDatabases } from '../src/database/connection.ts';
import { main } from '../src/main.ts';

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The variables that decide where logs are looked for: a test sets what it means to. */
const CLEARED = /^(CLAUDE_|OPENCLAW_|CLAWDBOT_|CLAWTRACE_|XDG_|APPDATA|NO_COLOR|FORCE_COLOR)/;

/** The variables of whoever runs the tests, before any test changed them. */
const ENVIRONMENT = { ...process.env };
const GIVEN = Object.fromEntries(Object.entries(ENVIRONMENT).filter(([name]) => !CLEARED.test(name)));

export interface Surroundings {
  readonly home?: string;
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Gives the tests of a file an empty home: those that call into the program. */
export function useEmptyHome(): void {
  setEnvironment(environment(temporaryFolder()));
}

/** What the tests of a file leave behind, in the process and on the disk. */
export function cleanUp(): void {
  setEnvironment(ENVIRONMENT);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The variables of a program whose home is a folder of the test. */
export function environment(home: string, env: Record<string, string> = {}): Record<string, string | undefined> {
  return { ...GIVEN, HOME: home, USERPROFILE: home, TZ: 'UTC', CI: '1', ...env };
}

/** Variable by variable: the system's own calls read these, and not an object that takes their place. */
function setEnvironment(wanted: Record<string, string | undefined>): void {
  for (const name of Object.keys(process.env)) if (wanted[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(wanted)) if (value !== undefined) process.env[name] = value;
}

/** Runs the built program as a user would, in a home of its own. */
export function spawnClawtrace(
  args: readonly string[],
  { home, env = {}, cwd, input = '' }: Surroundings = {},
): Promise<Run> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: environment(home ?? temporaryFolder(), env) });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

/**
 * Runs the program within this process, which spares most of the time: one command line after the other, for the
 * environment, the streams and the exit code of a process are there once. What a process does is tested with
 * spawnClawtrace: threads, temporary folders, signals, what several do at once.
 */
export function clawtrace(args: readonly string[], surroundings: Surroundings = {}): Promise<Run> {
  const run = turn.then(() => runHere(args, surroundings));
  turn = run.catch(() => undefined);
  return run;
}

let turn: Promise<unknown> = Promise.resolve();

async function runHere(
  args: readonly string[],
  { home, env, cwd = process.cwd(), input = '' }: Surroundings,
): Promise<Run> {
  const before = { env: { ...process.env }, cwd: process.cwd() };
  const [stdin, stdout, stderr] = [process.stdin, caught(process.stdout), caught(process.stderr)];
  setEnvironment(environment(home ?? temporaryFolder(), { CLAWTRACE_THREADS: '1', ...env }));
  process.chdir(cwd);
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  try {
    await main(args);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    closeDatabases();
    // without its database, nothing of it is done
    await doAfterwards();
    process.exitCode = undefined;
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    stdout.restore();
    stderr.restore();
    process.chdir(before.cwd);
    setEnvironment(before.env);
  }
}

/** Keeps what is written to a stream. */
function caught(stream: NodeJS.WriteStream): { text: () => string; restore: () => void } {
  const { write } = stream;
  const chunks: Buffer[] = [];
  stream.write = ((chunk: string | Uint8Array, done?: unknown) => {
    chunks.push(Buffer.from(chunk as string));
    if (typeof done === 'function') done();
    return true;
  }) as typeof write;
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    restore: () => {
      stream.write = write;
    },
  };
}

export interface Answer {
  readonly rows: Record<string, any>[];
  readonly totals: Record<string, number>;
  readonly warnings: string[];
  readonly [key: string]: any;
}

/** Runs a report and reads its JSON. */
export async function ask(args: readonly string[], surroundings: Surroundings = {}): Promise<Answer> {
  const run = await clawtrace([...args, '--json'], surroundings);
  if (run.code !== 0) throw new Error(`clawtrace ${args.join(' ')} exited with ${run.code}: ${run.stderr}`);
  return JSON.parse(run.stdout) as Answer;
}

/** The digits of totals as DuckDB wrote them, without the zeros at their end. */
export async function exactTotals(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Record<string, string>> {
  const { stdout } = await clawtrace([...args, '--json'], surroundings);
  const totals = /^"totals":\{(.*)\}/m.exec(stdout)![1]!.matchAll(/"(\w+)":(-?[0-9.]+)/g);
  return Object.fromEntries(
    [...totals].map(([, name, text]) => [name!, text!.includes('.') ? text!.replace(/\.?0+$/, '') : text!]),
  );
}

export const exactTotal = async (args: readonly string[], surroundings: Surroundings = {}): Promise<string> =>
  (await exactTotals(args, surroundings)).cost!;

/** What a report must be given, as its first example gives it. */
export function argumentsOf(report: Report): string[] {
  return report.params.some((param) => param.isRequired) ? report.examples[0]!.split(' ') : [];
}

/** They go with the file of tests: among concurrent ones, the end of a test may be taken for another's. */
const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clawtrace-test-'));
  folders.push(folder);
  return folder;
}

/** A home with the given files: a text as it is, a list as one JSON record a line. */
export function homeWith(files: Record<string, string | Buffer | readonly object[]>): string {
  const home = temporaryFolder();
  for (const [path, content] of Object.entries(files)) writeFile(join(home, path), content);
  return home;
}

export function writeFile(path: string, content: string | Buffer | readonly object[], modified?: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Array.isArray(content) ? lines(content) : (content as string | Buffer));
  if (modified) utimesSync(path, new Date(modified), new Date(modified));
}

export const lines = (records: readonly object[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** A zstd frame of raw, uncompressed blocks (RFC 8878): magic, single-segment header, one block. */
export function zstdFrame(content: string): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(data.length, 5);
  const block = Buffer.alloc(3);
  block.writeUIntLE((data.length << 3) | 1, 0, 3);
  return Buffer.concat([header, block, data]);
}

/** Where a session of Claude Code is logged. */
export const claudePath = (session: string, project = '-src-app'): string =>
  `.claude/projects/${project}/${session}.jsonl`;

export interface Usage {
  readonly input?: number;
  readonly output?: number;
  readonly read?: number;
  readonly write5m?: number;
  readonly write1h?: number;
  readonly [more: string]: unknown;
}

/** One assistant line of Claude Code. What a test does not name is the same everywhere. */
export function claudeLine(line: { usage?: Usage; message?: object; [field: string]: unknown } = {}): object {
  const { usage = {}, message = {}, ...fields } = line;
  const { input = 0, output = 0, read = 0, write5m = 0, write1h = 0, ...more } = usage;
  return {
    type: 'assistant',
    sessionId: 's1',
    requestId: 'req_1',
    uuid: '00000000-0000-4000-8000-000000000001',
    timestamp: '2026-04-01T10:00:00.000Z',
    cwd: '/src/app',
    gitBranch: 'main',
    ...fields,
    message: {
      id: 'msg_1',
      role: 'assistant',
      model: 'claude-opus-4-6',
      ...message,
      usage: {
        input_tokens: input,
        output_tokens: output,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: write5m + write1h,
        cache_creation: { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h },
        ...more,
      },
    },
  };
}

/** The native binary of the dev dependency, where npm has one for this machine. */
export function ccusagePath(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(
      `@ccusage/ccusage-${process.platform}-${process.arch}/package.json`,
    );
    const binary = join(manifest, '..', 'bin', process.platform === 'win32' ? 'ccusage.exe' : 'ccusage');
    chmodSync(binary, 0o755);
    return binary;
  } catch {
    return undefined;
  }
}
