import { EventEmitter, on } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import { CLI, temporaryFolder, writeFile } from './helpers.ts';

export interface HeldRun {
  readonly args: readonly string[];
  /** Prints a text, and ends. */
  readonly print: (text: string) => void;
  /** The signals it was told, once its process is gone. */
  readonly ended: Promise<string>;
}

export interface HeldProgram {
  readonly path: string;
  /** The next run that starts. */
  readonly nextRun: () => Promise<HeldRun>;
}

/**
 * A program whose runs do nothing until the test tells them to. Each holds a connection to the test as long as it
 * lives. Its command serve is the real one.
 */
export async function holdProgram(answerToSigint: 'end' | 'stay'): Promise<HeldProgram> {
  const runs = new EventEmitter();
  const started = on(runs, 'run');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    readRun(socket, (run) => runs.emit('run', run));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const path = join(temporaryFolder(), 'program.mjs');
  writeFile(path, programText((server.address() as AddressInfo).port, answerToSigint));
  return { path, nextRun: async () => (await started.next()).value[0] };
}

const programText = (port: number, answerToSigint: 'end' | 'stay'): string => `
import { connect } from 'node:net';
if (process.argv[2] === 'serve') await import(${JSON.stringify(pathToFileURL(CLI))});
else {
  const test = connect(${port}, '127.0.0.1');
  process.on('SIGINT', () => test.${answerToSigint === 'end' ? 'end' : 'write'}('SIGINT'));
  test.write(JSON.stringify(process.argv.slice(2)) + '\\n');
  test.on('data', (text) => process.stdout.write(text, () => test.end()));
  test.on('close', () => process.exit());
}`;

/** Its arguments are the first line that a run sends. */
function readRun(socket: Socket, start: (run: HeldRun) => void): void {
  let text = '';
  const ended = new Promise<string>((done) => {
    socket.once('close', () => done(text.slice(text.indexOf('\n') + 1)));
  });
  // a killed process may cut its connection off
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (more: string) => {
    const hasStarted = text.includes('\n');
    text += more;
    if (hasStarted || !text.includes('\n')) return;
    start({ args: JSON.parse(text.split('\n')[0]!), print: (output) => void socket.write(output), ended });
  });
}
