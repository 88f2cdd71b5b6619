import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeLogs } from './bench/make-logs.mjs';
import { ask, ccusagePath, clawtrace, temporaryFolder } from './helpers.ts';

const KEYS = ['responses', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens'] as const;
const CORPORA = [
  { mebibytes: 4, seed: 11, openclawShare: 0, loneShare: 0, end: '2026-05-01' },
  { mebibytes: 4, seed: 12, openclawShare: 0.3, loneShare: 0, end: '2026-05-01' },
  { mebibytes: 2, seed: 13, openclawShare: 0, loneShare: 0, end: '2026-05-01', isRequestless: true },
];

describe('generated logs', () => {
  it.each(CORPORA)('seed $seed: every sum is the truth, day by day', async (corpus) => {
    const home = temporaryFolder();
    const truth = await makeLogs({ home, ...corpus });
    const { rows, totals } = await ask(['daily', '-z', 'UTC'], { home });
    expect(pick(totals)).toEqual(pick(truth));
    expect(Object.fromEntries(rows.map((row) => [row.day, pick(row)]))).toEqual(
      Object.fromEntries(
        Object.entries(truth.per_day).map(([day, sums]) => [day, pick(sums as Record<string, number>)]),
      ),
    );
    const texts = await Promise.all(
      ['weekly', 'monthly', 'sessions', 'projects', 'models'].map((name) =>
        clawtrace([name, '--json', '-z', 'Asia/Kolkata'], { home }),
      ),
    );
    const sums = texts.map(({ stdout }) => /^"totals":(.*),$/m.exec(stdout)![1]);
    expect(new Set(sums).size).toBe(1);
  });

  it.runIf(ccusagePath())('the sums are those of ccusage', async () => {
    const home = temporaryFolder();
    await makeLogs({ home, ...CORPORA[0]! });
    const { stdout } = await promisify(execFile)(
      ccusagePath()!,
      ['claude', 'daily', '--offline', '--json', '-z', 'UTC'],
      { env: { HOME: home, USERPROFILE: home }, maxBuffer: 2 ** 26 },
    );
    const theirs = JSON.parse(stdout).totals;
    const { totals } = await ask(['daily', '-z', 'UTC'], { home });
    expect([totals.input_tokens, totals.output_tokens, totals.cache_read_tokens, totals.cache_write_tokens]).toEqual([
      theirs.inputTokens,
      theirs.outputTokens,
      theirs.cacheReadTokens,
      theirs.cacheCreationTokens,
    ]);
  });
});

const pick = (record: Record<string, number>): number[] => KEYS.map((key) => record[key]!);
