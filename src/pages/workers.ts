import { spawn, type ChildProcess } from 'node:child_process';
import type { Values } from '../request/arguments.ts';
import { ClawtraceError } from '../errors.ts';

/** Computations at a time: each uses every core already. */
const AT_ONCE = 2;

/**
 * Runs command lines of this program, each in a process of its own: what a report took of memory and disk
 * is given back when it ends. Equal command lines that are asked for at the same time are run once.
 */
export class Workers {
  private readonly settings: readonly string[];
  private readonly underWay = new Map<string, Promise<Buffer>>();
  private readonly children = new Set<ChildProcess>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(settings: Values) {
    this.settings = Object.entries(settings).flatMap(([name, value]) => optionOf(name, value));
  }

  /** What the command line prints. Fails with what it says on stderr. */
  run(args: readonly string[]): Promise<Buffer> {
    const key = JSON.stringify(args);
    const known = this.underWay.get(key);
    if (known) return known;
    const started = this.inTurn(() => this.spawn(args)).finally(() => this.underWay.delete(key));
    this.underWay.set(key, started);
    return started;
  }

  /** Ends what is under way; on SIGINT a command removes its temporary files. */
  stop(): void {
    this.waiting.length = 0;
    for (const child of this.children) child.kill('SIGINT');
  }

  private async inTurn(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.running < AT_ONCE) this.running += 1;
    else await new Promise<void>((go) => this.waiting.push(go));
    try {
      return await work();
    } finally {
      // the next in line takes the slot over
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private spawn([command, ...args]: readonly string[]): Promise<Buffer> {
    const line = [process.argv[1]!, command!, ...this.settings, ...args];
    const child = spawn(process.execPath, [...process.execArgv, ...line], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.children.add(child);
    const output: Buffer[] = [];
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) => {
        this.children.delete(child);
        // some exit codes say something of the figures: only a command that prints nothing has failed
        if (output.length > 0 && code !== null && code < 128) done(Buffer.concat(output));
        else fail(failureOf(complaint.trim().replace(/^clawtrace: /, '')));
      });
    });
  }
}

/** The client can fix what a command refuses; any other error comes with a stack. */
const failureOf = (complaint: string): Error =>
  complaint && !/\n +at /.test(complaint)
    ? new ClawtraceError(complaint)
    : new Error(complaint || 'the report was interrupted.');

function optionOf(name: string, value: Values[string]): string[] {
  if (value === undefined || value === false) return [];
  return [value].flat().map((one) => (one === true ? `--${name}` : `--${name}=${one}`));
}
