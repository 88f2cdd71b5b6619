import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ask, ccusagePath, claudeLine, claudePath, homeWith, type Usage } from './helpers.ts';

/**
 * The same logs, read by ccusage 20.0.24 too. What it is known to get wrong is the only difference
 * allowed, and is asserted: when a new version mends it, the case moves to the equal ones.
 */
interface Case {
  readonly what: string;
  readonly files: Record<string, readonly object[] | string>;
  /** Input and output tokens. */
  readonly truth: readonly [number, number];
  readonly isWrongThere?: true;
}

let second = 0;
const line = (usage: Usage, more: object = {}): object =>
  claudeLine({
    uuid: `u${++second}`,
    timestamp: new Date(Date.UTC(2026, 3, 1, 10, 0, second)).toISOString(),
    version: '2.1.0',
    usage,
    ...more,
  });
const half = { input: 1000, output: 3 };
const whole = { input: 1000, output: 500 };
const gateway = { requestId: undefined };

const CASES: readonly Case[] = [
  { what: 'output that grows', files: { [claudePath('s1')]: [line(half), line(whole)] }, truth: [1000, 500] },
  {
    what: 'a resumed session',
    files: { [claudePath('s1')]: [line(whole)], [claudePath('s2')]: [line(whole, { sessionId: 's2' })] },
    truth: [1000, 500],
  },
  {
    what: 'two request ids',
    files: { [claudePath('s1')]: [line(whole), line(whole, { requestId: 'req_2' })] },
    truth: [2000, 1000],
  },
  {
    what: 'a replay in a sidechain',
    files: { [claudePath('s1')]: [line(whole), line(whole, { isSidechain: true, requestId: 'req_2' })] },
    truth: [1000, 500],
  },
  {
    what: 'a torn last line',
    files: { [claudePath('s1')]: `${JSON.stringify(line(whole))}\n{"type":"assistant","mess` },
    truth: [1000, 500],
  },
  {
    what: 'no request id, streamed',
    files: { [claudePath('s1')]: [line(half, gateway), line(whole, gateway)] },
    truth: [1000, 500],
    isWrongThere: true,
  },
  {
    what: 'a request id on one line only',
    files: { [claudePath('s1')]: [line(half, gateway), line(whole)] },
    truth: [1000, 500],
    isWrongThere: true,
  },
  {
    what: 'JSON with spaces',
    files: { [claudePath('s1')]: JSON.stringify(line(whole)).replaceAll('":', '": ') },
    truth: [1000, 500],
    isWrongThere: true,
  },
  {
    what: 'a request id of null',
    files: { [claudePath('s1')]: [line(whole, { requestId: null })] },
    truth: [1000, 500],
    isWrongThere: true,
  },
  {
    what: 'a version that is no number',
    files: { [claudePath('s1')]: [line(whole, { version: 'dev' })] },
    truth: [1000, 500],
    isWrongThere: true,
  },
  {
    what: 'half an emoji',
    files: { [claudePath('s1')]: JSON.stringify(line(whole)).replace('"role"', '"content":"\\ud83e","role"') },
    truth: [1000, 500],
    isWrongThere: true,
  },
];

describe.runIf(ccusagePath())('clawtrace and ccusage', () => {
  it.concurrent.for(CASES)('$what', async ({ files, truth, isWrongThere }, { expect: check }) => {
    const home = homeWith(files);
    const { totals } = await ask(['daily', '-z', 'UTC'], { home });
    check([totals.input_tokens, totals.output_tokens]).toEqual(truth);
    const theirs = await askCcusage(home);
    if (isWrongThere) check(theirs).not.toEqual(truth);
    else check(theirs).toEqual(truth);
  });
});

async function askCcusage(home: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)(
    ccusagePath()!,
    ['claude', 'daily', '--offline', '--json', '-z', 'UTC'],
    {
      env: { HOME: home, USERPROFILE: home },
      maxBuffer: 2 ** 26,
    },
  );
  const totals = stdout.trim() ? JSON.parse(stdout).totals : undefined;
  return [totals?.inputTokens ?? 0, totals?.outputTokens ?? 0];
}

it('the binary of ccusage is there where npm has one', () => {
  if (process.platform === 'linux' && process.arch === 'x64') expect(ccusagePath()).toBeTruthy();
});
