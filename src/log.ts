import { createConsola } from 'consola/core';
import { printable } from './printable.ts';

/**
 * Messages for people. All of them go to stderr: stdout is data. A message is one line, whatever the names in it hold;
 * more arguments are lines below it, which are indented, so that none can be taken for a message of its own.
 */
export const log = createConsola({
  level: 3,
  // repeated messages are intended: each one is printed
  throttle: 0,
  stdout: process.stderr,
  stderr: process.stderr,
  formatOptions: { date: false, colors: process.stderr.isTTY && !process.env.NO_COLOR },
  reporters: [
    {
      log: ({ type, args: [message, ...below] }) =>
        void process.stderr.write(
          [`${prefix(type)}${line(message)}`, ...below.map((text) => `  ${line(text)}`)]
            .map((text) => `${text}\n`)
            .join(''),
        ),
    },
  ],
});

/** Tabs stay: they are how people indent. */
const line = (text: unknown): string => String(text).split('\t').map(printable).join('\t');

function prefix(type: string): string {
  if (type === 'warn') return 'warning: ';
  if (type === 'error') return 'clawtrace: ';
  return '';
}
