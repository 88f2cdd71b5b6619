import { createConsola } from 'consola/core';
import { printable } from './printable.ts';

/** Messages for people. All of them go to stderr: stdout is data. */
export const log = createConsola({
  level: 3,
  // repeated messages are intended: each one is printed
  throttle: 0,
  stdout: process.stderr,
  stderr: process.stderr,
  formatOptions: { date: false, colors: process.stderr.isTTY && !process.env.NO_COLOR },
  reporters: [{ log: ({ type, args }) => void process.stderr.write(`${prefix(type)}${plain(args.join(' '))}\n`) }],
});

/** Messages name models, files and the like: only their line breaks are ours. */
const plain = (message: string): string => message.replaceAll(/[^\n\t]+/g, printable);

function prefix(type: string): string {
  if (type === 'warn') return 'warning: ';
  if (type === 'error') return 'clawtrace: ';
  return '';
}
