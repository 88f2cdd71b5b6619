import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { FORMATS, parseStrict, type Format } from '../src/request/arguments.ts';
import { readCatalog, type Report } from '../src/catalog/catalog.ts';
import { reportCommand } from '../src/commands/report.ts';
import { closeDatabase, openDatabase, rows } from '../src/database/connection.ts';
import { readCells } from '../src/output/cells.ts';
import { drawTable } from '../src/output/table.ts';
import { render } from '../src/output/render.ts';
import { openReport } from '../src/ask/report.ts';
import { readRequest, type Request } from '../src/request/request.ts';
import { tellQuestion } from '../src/session/register.ts';
import { openSession } from '../src/session/session.ts';
import {
  argumentsOf,
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  temporaryFolder,
  useEmptyHome,
} from './helpers.ts';

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

describe('a filter', () => {
  /** Tokens per response are powers of two: a sum tells which responses are in it. */
  const home = (): string => {
    const claude = (tokens: number, fields: object, model = 'claude-opus-4-6'): object =>
      claudeLine({
        requestId: `r${tokens}`,
        uuid: `u${tokens}`,
        message: { id: `m${tokens}`, model },
        usage: { input: tokens },
        ...fields,
      });
    return homeWith({
      [claudePath('all')]: [
        claude(1, { sessionId: 'Ab12', cwd: '/src/app', gitBranch: 'main' }),
        claude(2, { sessionId: 'ab34', cwd: '/src/Web App', gitBranch: 'Feat/X' }),
        claude(4, { sessionId: 'cab1', cwd: '/src/my-app', gitBranch: 'main-2' }, 'us.anthropic.claude-sonnet-4-6'),
        claude(
          8,
          { sessionId: 'd', cwd: '/src/app/ui', gitBranch: 'feat', isSidechain: true, agentId: 'x' },
          'gpt-5.4',
        ),
      ],
      '.openclaw/agents/Research/sessions/o.jsonl': [
        { type: 'session', version: 3, id: 'o', timestamp: '2026-04-01T10:00:00Z', cwd: '/src/claw' },
        {
          type: 'message',
          id: 'e',
          timestamp: '2026-04-01T10:00:00Z',
          message: { role: 'assistant', provider: 'acme', model: 'northwind-1', usage: { input: 16 } },
        },
      ],
    });
  };

  it('lets through what it names, in any case, and of several what any of them names', async () => {
    const folder = home();
    const report = (await catalog.report('daily'))!;
    const { args } = reportCommand(report);
    const requestOf = (line: readonly string[]): Request =>
      readRequest(
        parseStrict(args, ['--logs', `${folder}/.claude`, '--logs', `${folder}/.openclaw`, ...line], report.name),
        catalog,
        report,
      );
    // the logs are read once, and asked with each command line
    const session = await openSession(await openDatabase(), requestOf([]), report);
    const tokens = async (...line: string[]): Promise<number> => {
      await tellQuestion(session.connection, requestOf(line));
      const [total] = await rows(
        session.connection,
        'select coalesce(sum(total_tokens), 0)::integer as sum from usage',
      );
      return total!.sum as number;
    };
    const cases: readonly [string[], number][] = [
      [[], 31],
      [['--source', 'openclaw'], 16],
      [['--source', 'claude_code'], 15],
      [['--provider', 'Anthropic'], 1 + 2 + 4],
      [['--provider', 'openai', '--provider', 'acme'], 8 + 16],
      [['--provider', 'open'], 0],
      // a part of the model's name, as it is priced or as it was logged
      [['--model', 'Opus'], 1 + 2],
      [['--model', 'us.anthropic'], 4],
      [['--model', 'sonnet', '--model', 'gpt'], 4 + 8],
      // the path, or whole folders at its end
      [['--project', 'app'], 1],
      [['--project', '/SRC/app'], 1],
      [['--project', 'web app', '--project', 'app/ui'], 2 + 8],
      [['--project', 'src'], 0],
      [['--agent', 'MAIN'], 1 + 2 + 4],
      [['--agent', 'subagent', '--agent', 'research'], 8 + 16],
      [['--agent', 'sub'], 0],
      // the beginning of a session's id
      [['--session', 'AB'], 1 + 2],
      [['--session', 'ab3', '--session', 'o'], 2 + 16],
      [['--branch', 'main'], 1],
      [['--branch', 'feat/x', '--branch', 'feat'], 2 + 8],
      [['--project', 'app', '--branch', 'feat'], 0],
    ];
    for (const [line, sum] of cases) expect([line, await tokens(...line)]).toEqual([line, sum]);
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
