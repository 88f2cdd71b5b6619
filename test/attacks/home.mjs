// A home that an attack has for itself, and the built program in it, as processes like those of a user.
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const CLI = join(ROOT, 'dist/cli.js');

/** The variables that decide where logs are looked for. */
const CLEARED = /^(CLAUDE_|OPENCLAW_|CLAWDBOT_|CLAWTRACE_|XDG_|APPDATA|NO_COLOR|FORCE_COLOR)/;
const GIVEN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !CLEARED.test(name)));

/** In which all homes are, and which goes with this process. */
const ALL = mkdtempSync(join(tmpdir(), 'attacks-'));
process.once('exit', () => rmSync(ALL, { recursive: true, force: true }));

export const MACHINE = 'machine = "vm"\n';

export class Home {
  constructor(files = {}) {
    this.path = mkdtempSync(join(ALL, 'home-'));
    // what is left of a killed process is looked for there
    mkdirSync(join(this.path, 'tmp'));
    // a report that looks at an archive must not change it
    this.write({ '.config/clawtrace/config.toml': `${MACHINE}[archive]\nauto = false\n`, ...files });
  }

  get archive() {
    return join(this.path, '.local/share/clawtrace/archive/machine=vm');
  }

  get manifest() {
    return join(this.archive, 'manifest.jsonl');
  }

  at(...names) {
    return join(this.path, ...names);
  }

  write(files) {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.at(name)), { recursive: true });
      writeFileSync(this.at(name), content);
    }
    return this;
  }

  remove(...names) {
    for (const name of names) rmSync(this.at(name), { recursive: true, force: true });
    return this;
  }

  removeLogs() {
    return this.remove('.claude', '.openclaw');
  }

  copy() {
    const copy = new Home();
    cpSync(this.path, copy.path, { recursive: true, preserveTimestamps: true });
    return copy;
  }

  environment(env) {
    const own = { HOME: this.path, USERPROFILE: this.path, TMPDIR: this.at('tmp'), TZ: 'UTC', CI: '1' };
    const fixed = { CLAWTRACE_THREADS: '1', CLAWTRACE_NOW: '2026-06-01T12:00:00Z' };
    return { ...GIVEN, ...own, ...fixed, ...env };
  }

  /** Starts the program, or one that starts it. */
  start(args, { env, before = [], stdio = 'pipe', ...options } = {}) {
    const [program, ...rest] = [...before, process.execPath, CLI, ...args];
    return spawn(program, rest, { cwd: this.path, env: this.environment(env), stdio, ...options });
  }

  /** Runs it to its end. One that takes too long is killed, and said to hang. */
  async run(args, { seconds = 120, input = '', ...options } = {}) {
    const child = this.start(args, options);
    const started = Date.now();
    const ended = endOf(child);
    child.stdin?.on('error', () => undefined).end(input);
    let peak = 0;
    const looks = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid))), 20);
    const timer = setTimeout(() => killTree(child.pid), seconds * 1000);
    const end = await ended;
    clearInterval(looks);
    clearTimeout(timer);
    const taken = (Date.now() - started) / 1000;
    return { ...end, taken, peak, hangs: taken >= seconds };
  }

  /** All totals over all time, as they were printed; or what was said instead. */
  async sums(...args) {
    const { code, stdout, stderr } = await this.run(['daily', '--json', ...args]);
    return code === 0 ? /^"totals":(\{.*\})/m.exec(stdout)[1] : `exit code ${code}: ${stderr.trim()}`;
  }

  /** Parquet files of the archive, as they are named in its folder. */
  parts() {
    return filesBelow(this.archive).filter((name) => name.endsWith('.parquet'));
  }

  partsInManifest() {
    return JSON.parse(readFileSync(this.manifest, 'utf8').split('\n')[0]).parts.map(({ path }) => path);
  }

  leftInTemporary() {
    return readdirSync(this.at('tmp'));
  }

  /** What no run should leave: its own temporary files, its lock, and parts that nothing names. */
  leftovers() {
    const named = new Set(this.partsInManifest());
    return [
      ...readdirSync(this.archive).filter((name) => name.startsWith('.')),
      ...this.parts().filter((name) => !named.has(name)),
      ...this.leftInTemporary(),
      ...filesBelow(this.at('.local/state')).filter((name) => !name.endsWith('verified-parts.json')),
    ];
  }
}

/** The names of all files below a folder. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

/** What a process printed, and how it ended. */
export function endOf(child) {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name]?.setEncoding('utf8').on('data', (text) => {
      // some attacks print without end: a beginning says enough
      if (texts[name].length < 2 ** 26) texts[name] += text;
    });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal, ...texts }));
  });
}

/** Processes that a process has started, where the system tells. */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killTree(pid) {
  for (const child of childrenOf(pid)) killTree(child);
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

/** The most memory that a process and those it has started ever had, in bytes, where the system tells. */
function memoryOf(pid) {
  const own = (() => {
    try {
      return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      return 0;
    }
  })();
  return Math.max(own, ...childrenOf(pid).map(memoryOf));
}

/** One assistant line of Claude Code. */
export const claudeLine = (
  id,
  { output = 1, model = 'claude-opus-4-6', at = '2026-04-01T10:00:00.000Z', ...more } = {},
) =>
  `${JSON.stringify({
    type: 'assistant',
    sessionId: 's1',
    requestId: `req_${id}`,
    uuid: id,
    timestamp: at,
    cwd: '/src/app',
    ...more,
    message: { id, role: 'assistant', model, usage: { input_tokens: 1, output_tokens: output } },
  })}\n`;

export const claudePath = (session) => `.claude/projects/-src-app/${session}.jsonl`;

/** One message of OpenClaw. */
export const openclawLine = (id, output = 1) =>
  `${JSON.stringify({
    type: 'message',
    id,
    timestamp: '2026-04-01T10:00:00.000Z',
    message: { role: 'assistant', provider: 'openai', model: 'gpt-5.2', usage: { input: 1, output } },
  })}\n`;
