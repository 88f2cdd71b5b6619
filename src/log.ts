import { createConsola } from 'consola/core';

/** Messages for people. All of them go to stderr: stdout is data. */
export const log = createConsola({
  level: 3,
  stdout: process.stderr,
  stderr: process.stderr,
  formatOptions: { date: false, colors: process.stderr.isTTY && !process.env.NO_COLOR },
  reporters: [{ log: ({ type, args }) => void process.stderr.write(`${prefix(type)}${args.join(' ')}\n`) }],
});

function prefix(type: string): string {
  if (type === 'warn') return 'warning: ';
  if (type === 'error') return 'clawtrace: ';
  return '';
}
