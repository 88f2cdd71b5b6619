import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { FORMATS, parseStrict, type Format } from '../src/request/arguments.ts';
import { readCatalog, type Report } from '../src/catalog/catalog.ts';
import { reportCommand } from '../src/commands/report.ts';
import { closeDatabase } from '../src/database/connection.ts';
import { readCells } from '../src/output/cells.ts';
import { drawTable } from '../src/output/table.ts';
import { render } from '../src/output/render.ts';
import { openReport } from '../src/ask/report.ts';
import { argumentsOf, ask, clawtrace, temporaryFolder, useEmptyHome } from './helpers.ts';

const catalog = await readCatalog();
const reports = (await catalog.reports()).map((report) => [report.name, report] as const);

/** Paths differ from place to place, and with them the width of a column that shows one. */
const portable = (text: string): string => {
  const replaced = text
    .replaceAll(/"?\(?[^\s",]*test[/\\]demo[/\\](claude|openclaw)\)?"?/g, '<demo>')
    .replaceAll(/[^\s",]*clawtrace-test-\w+/g, '<home>');
  return replaced.includes('<demo>') ? replaced.replaceAll(/ {2,}/g, '  ').replaceAll(/─+/g, '─') : replaced;
};

/** Asks for a report once, in this process, and renders its one answer in every format. */
async function inEveryFormat(report: Report, options: readonly string[]): Promise<Record<Format, string>> {
  const args = [...argumentsOf(report), ...options];
  const values = parseStrict(reportCommand(report).args, args, report.name);
  const { session, ...shown } = await openReport(report, values, catalog);
  const texts: Partial<Record<Format, string>> = {};
  for (const format of FORMATS)
    texts[format] = await render({ ...session, request: { ...session.request, format } }, shown);
  closeDatabase(session.connection);
  return texts as Record<Format, string>;
}

useEmptyHome();

const NAMES: Record<Format, string> = {
  table: 'txt',
  json: 'json',
  csv: 'csv',
  markdown: 'markdown',
  ndjson: 'ndjson',
};

describe.concurrent.each(reports)('%s', (name, report) => {
  it('shows the demo, in every format', async ({ expect }) => {
    const { code, stdout, stderr } = await clawtrace([name, ...argumentsOf(report), '--demo', '--json']);
    expect(code, stderr).toBe(0);
    // the JSON holds what there is to say about the logs as well, which the others leave to stderr
    const texts = { ...(await inEveryFormat(report, ['--demo'])), json: stdout };
    for (const format of FORMATS)
      await expect(portable(texts[format])).toMatchFileSnapshot(`snapshots/${name}.${NAMES[format]}`);
  });

  it('has an answer without any logs, in every format', async ({ expect }) => {
    const texts = await inEveryFormat(report, []);
    expect(JSON.parse(texts.json).rows).toBeInstanceOf(Array);
    expect(Object.keys(texts).sort()).toEqual([...FORMATS].sort());
  });
});

describe.each(reports)('%s', (name, report) => {
  it('fits a terminal of 80, 60 and 40 columns', async () => {
    const values = parseStrict(reportCommand(report).args, [...argumentsOf(report), '--demo'], name);
    const { session, result, parts } = await openReport(report, values, catalog);
    for (const table of [result, ...parts.values()]) {
      const cells = await readCells(session, table, report.top ?? 100);
      for (const width of cells.lines.length > 0 ? [80, 60, 40] : []) {
        const { text } = drawTable(cells, { width, hasColor: false });
        expect(Math.max(...text.split('\n').map((line) => stringWidth(line))), text).toBeLessThanOrEqual(width);
      }
    }
    closeDatabase(session.connection);
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
