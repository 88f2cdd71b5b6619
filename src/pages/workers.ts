import { spawn, type ChildProcess } from 'node:child_process';
import type { Values } from '../request/arguments.ts';
import { ClawtraceError } from '../errors.ts';

/** Command lines that run at a time: each uses every core already. */
const AT_ONCE = 2;
/** Command lines that may wait for their turn. */
const MOST_WAITING = 32;
/** How long a command has to remove its temporary files. */
const GRACE_MS = 1000;

/** Too many command lines wait already: the same one may succeed later. */
export class BusyError extends Error {
  override name = 'BusyError';
}

/** A command line that somebody waits for. */
interface Work {
  readonly output: Promise<Buffer>;
  readonly cancel: AbortController;
  askers: number;
}

/**
 * Runs command lines of this program, each in a process of its own: what a report took of memory and disk
 * is given back when it ends. Equal command lines that are asked for at the same time are run once, and one that
 * nobody waits for any more is ended.
 */
export class Workers {
  private readonly settings: readonly string[];
  private readonly asked = new Map<string, Work>();
  private readonly waiting = new Set<() => void>();
  private running = 0;

  constructor(settings: Values) {
    this.settings = Object.entries(settings).flatMap(([name, value]) => optionOf(name, value));
  }

  /** What the command line prints, for a client that may leave before that. Fails with what it says on stderr. */
  async run(args: readonly string[], left: AbortSignal): Promise<Buffer> {
    left.throwIfAborted();
    const key = JSON.stringify(args);
    const work = this.asked.get(key) ?? this.start(key, args);
    work.askers += 1;
    left.addEventListener('abort', () => {
      work.askers -= 1;
      if (work.askers === 0) work.cancel.abort();
    });
    return work.output;
  }

  /** Ends everything. The children are gone a moment later. */
  stop(): void {
    for (const { cancel } of this.asked.values()) cancel.abort();
  }

  private start(key: string, args: readonly string[]): Work {
    if (this.waiting.size === MOST_WAITING) throw new BusyError(`${MOST_WAITING} other requests are waiting already.`);
    const cancel = new AbortController();
    const output = this.inTurn(() => this.spawn(args, cancel.signal), cancel.signal);
    const work: Work = { output, cancel, askers: 0 };
    this.asked.set(key, work);
    // a cancelled one may still be ending: whoever asks now gets a new one
    const forget = (): void => {
      if (this.asked.get(key) === work) this.asked.delete(key);
    };
    cancel.signal.addEventListener('abort', forget);
    output.then(forget, forget);
    return work;
  }

  private async inTurn(work: () => Promise<Buffer>, cancelled: AbortSignal): Promise<Buffer> {
    if (this.running < AT_ONCE) this.running += 1;
    else await this.waitForTurn(cancelled);
    try {
      return await work();
    } finally {
      // whoever waits takes the place over
      const [next] = this.waiting;
      if (next) next();
      else this.running -= 1;
    }
  }

  private waitForTurn(cancelled: AbortSignal): Promise<void> {
    return new Promise((go, fail) => {
      const next = (): void => {
        this.waiting.delete(next);
        go();
      };
      this.waiting.add(next);
      cancelled.addEventListener('abort', () => {
        this.waiting.delete(next);
        fail(cancelled.reason);
      });
    });
  }

  private spawn([command, ...args]: readonly string[], cancelled: AbortSignal): Promise<Buffer> {
    const line = [process.argv[1]!, command!, ...this.settings, ...args];
    const child = spawn(process.execPath, [...process.execArgv, ...line], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    cancelled.addEventListener('abort', () => end(child));
    const output: Buffer[] = [];
    let complaint = '';
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      child.on('close', (code) => {
        // some exit codes say something of the figures: only a command that prints nothing has failed
        if (output.length > 0 && code !== null && code < 128) done(Buffer.concat(output));
        else fail(failureOf(complaint.trim().replace(/^clawtrace: /, '')));
      });
    });
  }
}

/** On SIGINT a command removes its temporary files. One that ignores the signal is killed. */
function end(child: ChildProcess): void {
  if (!child.kill('SIGINT')) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.once('exit', () => clearTimeout(timer));
}

/** What a command refuses, whoever asks can mend; anything else comes with a stack. */
const failureOf = (complaint: string): Error =>
  complaint && !/\n +at /.test(complaint)
    ? new ClawtraceError(complaint)
    : new Error(complaint || 'the report was interrupted.');

function optionOf(name: string, value: Values[string]): string[] {
  if (value === undefined || value === false) return [];
  return [value].flat().map((one) => (one === true ? `--${name}` : `--${name}=${one}`));
}
