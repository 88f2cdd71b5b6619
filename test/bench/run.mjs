// Measures clawtrace beside ccusage on the same logs, in turn, and compares what they counted. Prints the table
// of the README.
//
//   npm run bench [-- --mib 1239,8192 --seed 1 --runs 5 --home DIR]
//
// Without --home it makes a corpus per size, and removes it. The truth about a folder given with --home is read
// from DIR/truth.json, which is what make-logs.mjs prints; the folder stays as it is.
import { spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeLogs } from './make-logs.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const DAY = 86_400_000;
const IS_LINUX = process.platform === 'linux';

/** Linux tells CPU time in ticks: 100 per second on every architecture that Node runs on. */
const TICK = 10;
const POLL = 10;

/** Each kind of token: its name in clawtrace and in the truth, and in ccusage. */
const KINDS = [
  ['input_tokens', 'inputTokens'],
  ['output_tokens', 'outputTokens'],
  ['cache_read_tokens', 'cacheReadTokens'],
  ['cache_write_tokens', 'cacheCreationTokens'],
];

async function main() {
  const { sizes, seed, runs, home } = readOptions();
  printMachine(runs);
  for (const mib of home ? [undefined] : sizes) await compare(home ? existingCorpus(home) : newCorpus(mib, seed), runs);
}

/** Everything on one corpus, in turn: A B C … A B C …, so that a machine that slows down slows all of them. */
async function compare({ home, truth }, runs) {
  const data = mkdtempSync(join(tmpdir(), 'clawtrace-bench-data-'));
  process.once('exit', () => rmSync(data, { recursive: true, force: true }));
  const env = { ...cleanEnvironment(home), XDG_DATA_HOME: data };
  const run = (command) => measure(command, { cwd: home, env });
  const ccusage = command('ccusage', ccusageBinary(), ['claude', 'daily', '--offline', '--json', '-z', 'UTC']);
  const cold = clawtraceCommand('daily', '--json', '--timezone', 'UTC', '--no-archive');
  const ours = JSON.parse((await run(cold)).output);
  const theirs = JSON.parse((await run(ccusage)).output);
  await run(clawtraceCommand('archive'));
  const results = await inTurn(
    [
      { what: 'ccusage, all logs', ...ccusage },
      { what: 'all logs', ...cold },
      {
        what: 'the last 7 days',
        ...clawtraceCommand('daily', '--json', '--no-archive', '--timezone', 'UTC', '--since', lastWeek(ours)),
      },
      { what: 'archive', ...clawtraceCommand('daily', '--json', '--timezone', 'UTC') },
      {
        what: 'archive, one log changed',
        ...clawtraceCommand('daily', '--json', '--timezone', 'UTC'),
        before: () => touchOneLog(home),
      },
      { what: 'archive, status', ...clawtraceCommand('status', '--json') },
      { what: 'archive, 4 at once', ...clawtraceCommand('daily', '--json', '--timezone', 'UTC'), atOnce: 4 },
      { what: 'ccusage, 4 at once', ...ccusage, atOnce: 4 },
      { what: 'help', ...clawtraceCommand('--help') },
      { what: 'node', ...command('node', process.execPath, ['-e', '0']) },
    ],
    runs,
    run,
  );
  console.log(`\n${describeCorpus(truth, home)}\n`);
  printTimes(results);
  printTokens(ours.totals, theirs.totals, truth);
  if (existsSync(join(home, '.openclaw'))) console.log('ccusage claude reads no OpenClaw logs; clawtrace did.');
}

/** Gives a log another time of change, as if it had grown. Returns what sets it back. */
function touchOneLog(home) {
  const folder = join(home, '.claude', 'projects');
  const log = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()[0];
  const path = join(folder, log);
  const { atime, mtime } = statSync(path);
  utimesSync(path, atime, new Date(mtime.getTime() + 1000));
  return () => utimesSync(path, atime, mtime);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      mib: { type: 'string', default: '1239' },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '5' },
      home: { type: 'string' },
    },
  });
  const sizes = values.mib.split(',').map(Number);
  const [seed, runs] = [values.seed, values.runs].map(Number);
  if (!(sizes.every((mib) => mib > 0) && Number.isInteger(seed) && Number.isInteger(runs) && runs > 0))
    throw new Error('--mib, --seed and --runs are numbers, such as --mib 64,1239 --seed 1 --runs 5.');
  return { sizes, seed, runs, home: values.home };
}

function existingCorpus(folder) {
  const home = resolve(folder);
  const file = join(home, 'truth.json');
  return { home, truth: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined };
}

/** Only Claude Code: both tools read all of it. */
function newCorpus(mebibytes, seed) {
  const home = mkdtempSync(join(tmpdir(), 'clawtrace-bench-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  return { home, truth: makeLogs({ home, mebibytes, seed, openclawShare: 0 }) };
}

/** Nothing of the user's own settings and folders. */
function cleanEnvironment(home) {
  const isOwn = /^(CLAUDE|CCUSAGE|CLAWTRACE|OPENCLAW|CLAWDBOT|XDG)_|^(LOCAL)?APPDATA$/i;
  const kept = Object.entries(process.env).filter(([name]) => !isOwn.test(name));
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home };
}

function command(name, file, args) {
  return { name: [name, ...args].join(' '), file, args };
}

function clawtraceCommand(...args) {
  return {
    ...command('clawtrace', process.execPath, [join(ROOT, 'dist', 'cli.js'), ...args]),
    name: ['clawtrace', ...args].join(' '),
  };
}

/** The native program itself: the script that starts it would cost a start of Node. */
function ccusageBinary() {
  const own = createRequire(import.meta.url);
  const ofCcusage = createRequire(own.resolve('ccusage/package.json'));
  const name = `@ccusage/ccusage-${process.platform}-${process.arch}`;
  const folder = dirname(ofCcusage.resolve(`${name}/package.json`));
  const binary = join(folder, 'bin', process.platform === 'win32' ? 'ccusage.exe' : 'ccusage');
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    chmodSync(binary, 0o755);
  }
  return binary;
}

/** One run of each in every round, after a round that does not count. */
async function inTurn(commands, runs, run) {
  const results = commands.map((command) => ({ ...command, samples: [] }));
  for (let round = 0; round <= runs; round++) {
    for (const result of results) {
      const restore = result.before?.();
      const copies = Array.from({ length: result.atOnce ?? 1 }, () => run(result));
      const samples = await Promise.all(copies);
      restore?.();
      if (round > 0) result.samples.push(samples.reduce((slowest, one) => (one.wall > slowest.wall ? one : slowest)));
    }
  }
  return results;
}

/** Wall and CPU time in ms, and the peak of memory in MiB. The last two only on Linux. */
async function measure({ file, args }, { cwd, env }) {
  const cpuBefore = childrenCpu();
  const start = process.hrtime.bigint();
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const memory = watchMemory(child.pid);
  const ended = new Promise((done) => child.once('exit', () => done(process.hrtime.bigint())));
  const texts = Promise.all([child.stdout, child.stderr].map(readAll));
  const code = await new Promise((done, fail) => child.once('error', fail).once('close', done));
  const wall = Number((await ended) - start) / 1e6;
  const [output, errors] = await texts;
  if (code !== 0) throw new Error(`${[file, ...args].join(' ')} ended with ${code}:\n${errors}`);
  return { wall, cpu: childrenCpu() - cpuBefore, memory: memory.stop(), output };
}

async function readAll(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** CPU time of all children that have ended, which the kernel adds up exactly: no need to poll. */
function childrenCpu() {
  if (!IS_LINUX) return NaN;
  // the name of the program, in brackets, may hold blanks
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  const [user, system] = fields.slice(13, 15).map(Number);
  return (user + system) * TICK;
}

/** The peak is known only while the process lives: the last one seen misses at most the last moment. */
function watchMemory(pid) {
  let peak = NaN;
  const look = () => {
    const seen = peakMemory(pid);
    if (seen) peak = seen;
  };
  const timer = IS_LINUX ? setInterval(look, POLL) : undefined;
  const stop = () => {
    clearInterval(timer);
    return peak;
  };
  return { stop };
}

function peakMemory(pid) {
  try {
    const [, kibibytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes / 1024;
  } catch {
    return undefined;
  }
}

/** The day from which the last seven days of the corpus are read. */
function lastWeek({ rows }) {
  const last = rows.at(-1)?.day;
  if (!last) throw new Error('clawtrace found no usage in the corpus.');
  return new Date(Date.parse(last) - 6 * DAY).toISOString().slice(0, 10);
}

function printMachine(runs) {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${cores[0]?.model.trim() ?? 'unknown CPU'}, ${cores.length} cores, ${memory} GiB, ${process.platform}, node ${process.version}.`,
  );
  console.log(`Medians of ${runs} runs of each after a warm-up, in turn.`);
  if (!IS_LINUX) console.log('CPU time and memory are measured on Linux only.');
}

function describeCorpus(truth, home) {
  if (!truth) return home;
  const size = (truth.bytes / 2 ** 30).toFixed(2);
  return `${size} GiB of Claude Code logs, ${number(truth.files)} files, ${number(truth.responses)} responses`;
}

/** The ratio is that of the medians, against ccusage run in the same way. */
function printTimes(results) {
  const wallOf = ({ samples }) => median(samples.map(({ wall }) => wall));
  const lines = results.map((result) => {
    const rival = results.find(({ file, atOnce }) => file === results[0].file && atOnce === result.atOnce);
    const { what, samples, file, args, atOnce } = result;
    const words = [file, ...args].map(shorten).join(' ');
    return [
      what,
      `\`${words}\``,
      seconds(wallOf(result)),
      ['help', 'node'].includes(what) ? '' : times(wallOf(result) / wallOf(rival)),
      atOnce ? '' : seconds(median(samples.map(({ cpu }) => cpu))),
      number(median(samples.map(({ memory }) => memory))),
    ];
  });
  const rows = [
    ['', 'command', 'wall s', '× ccusage', 'CPU s', 'peak MiB'],
    ['---', '---', '--:', '--:', '--:', '--:'],
    ...lines,
  ];
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

/** Command lines as a reader would type them. */
function shorten(word) {
  if (word === process.execPath) return 'node';
  if (/ccusage(\.exe)?$/.test(word)) return 'ccusage';
  return word.startsWith(ROOT) ? relative(ROOT, word) : word;
}

function printTokens(ours, theirs, truth) {
  const lines = KINDS.map(([kind, theirKind]) => {
    const counts = [ours[kind], theirs[theirKind], ...(truth ? [truth[kind]] : [])];
    const isEqual = counts.every((count) => count === counts[0]);
    return [
      kind,
      number(counts[0]),
      number(counts[1]),
      truth ? number(counts[2]) : '-',
      isEqual ? 'equal' : 'DIFFERENT',
    ];
  });
  printTable([['tokens', 'clawtrace', 'ccusage', 'truth', ''], ...lines]);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

const seconds = (milliseconds) => (Number.isNaN(milliseconds) ? '-' : (milliseconds / 1000).toFixed(3));
const times = (ratio) => ratio.toFixed(2);
const number = (value) => (Number.isNaN(value) ? '-' : Math.round(value).toLocaleString('en'));

function printTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  console.log();
  for (const line of lines)
    console.log(
      line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  '),
    );
}

await main();
