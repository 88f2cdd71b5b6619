import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog.ts';
import { argumentsOf, ask, clawtrace, temporaryFolder } from './helpers.ts';

const reports = readCatalog('/nowhere').reports.map((report) => [report.name, argumentsOf(report)] as const);

/** Paths differ from place to place, and with them the width of a column that shows one. */
const portable = (text: string): string => {
  const replaced = text
    .replaceAll(/"?\(?[^\s",]*test[/\\]demo[/\\](claude|openclaw)\)?"?/g, '<demo>')
    .replaceAll(/[^\s",]*clawtrace-test-\w+/g, '<home>');
  return replaced.includes('<demo>') ? replaced.replaceAll(/ {2,}/g, '  ').replaceAll(/─+/g, '─') : replaced;
};

describe.each(reports)('%s', (name, given) => {
  it.concurrent.for(['table', 'json', 'csv', 'markdown', 'ndjson'])(
    'shows the demo as %s',
    async (format, { expect }) => {
      const { code, stdout, stderr } = await clawtrace([name, ...given, '--demo', '--format', format]);
      expect(code, stderr).toBe(0);
      await expect(portable(stdout)).toMatchFileSnapshot(`snapshots/${name}.${format === 'table' ? 'txt' : format}`);
    },
  );

  it('has an answer without any logs, in every format', async () => {
    const runs = await Promise.all(
      ['table', 'json', 'csv', 'markdown', 'ndjson'].map((format) => clawtrace([name, ...given, '--format', format])),
    );
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0, 0, 0]);
    expect(JSON.parse(runs[1]!.stdout).rows).toBeInstanceOf(Array);
  });
});

describe('the reports agree', () => {
  const names = [
    'daily',
    'weekly',
    'monthly',
    'hourly',
    'sessions',
    'projects',
    'models',
    'providers',
    'agents',
    'branches',
  ];

  it('every sum over periods and dimensions is the same, to the last digit', async () => {
    const texts = await Promise.all(names.map(async (name) => (await clawtrace([name, '--demo', '--json'])).stdout));
    const totals = texts.map((text) => /^"totals":(.*),$/m.exec(text)![1]);
    expect(new Set(totals).size).toBe(1);
  });

  it('a breakdown adds up to its row', async () => {
    for (const dimension of ['model', 'project', 'agent', 'source', 'provider', 'branch']) {
      const { rows } = await ask(['weekly', '--demo', `--breakdown=${dimension}`]);
      for (const row of rows) {
        for (const key of ['responses', 'total_tokens', 'unpriced_responses']) {
          expect(row.breakdown.reduce((sum: number, part: Record<string, number>) => sum + part[key]!, 0)).toBe(
            row[key],
          );
        }
      }
    }
  });

  it('output is the same in every run, with 1 to 4 threads', async () => {
    const home = temporaryFolder();
    for (const name of ['daily', 'sessions', 'projects']) {
      const runs = await Promise.all(
        ['1', '2', '3', '4', '2'].map((threads) =>
          clawtrace([name, '--demo', '--json', '--breakdown=agent'], { home, env: { CLAWTRACE_THREADS: threads } }),
        ),
      );
      expect(new Set(runs.map((run) => run.stdout)).size).toBe(1);
    }
  });
});
