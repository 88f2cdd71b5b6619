import { text } from 'node:stream/consumers';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { openReport, runReports } from '../src/ask/report.ts';
import { readCatalog, type Report } from '../src/catalog/catalog.ts';
import { reportCommand } from '../src/commands/report.ts';
import { closeDatabase, closeDatabases, openDatabase, rows } from '../src/database/connection.ts';
import { readCells } from '../src/output/cells.ts';
import { render, type Shown } from '../src/output/render.ts';
import { drawTable } from '../src/output/table.ts';
import { parseStrict } from '../src/request/arguments.ts';
import { FORMATS, type Format } from '../src/request/options.ts';
import { readRequest, type Request } from '../src/request/request.ts';
import { tellQuestion } from '../src/session/register.ts';
import { openSession, type Session } from '../src/session/session.ts';
import {
  argumentsOf,
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  temporaryFolder,
  useEmptyHome,
  type Answer,
} from './helpers.ts';

const catalog = await readCatalog();
const reports = await catalog.reports();
const byName = reports.map((report) => [report.name, report] as const);

useEmptyHome();

/**
 * What a snapshot holds: paths differ from place to place, and with them the width of a column that shows one. A new
 * price changes the price table, and no answer about the demo.
 */
function steady(report: Report, text: string): string {
  const replaced = text
    .replaceAll(/"?\(?[^\s",]*test[/\\]demo[/\\](claude|openclaw)\)?"?/g, '<demo>')
    .replaceAll(/[^\s",]*clawtrace-test-\w+/g, '<home>')
    .replace(/^"prices":\{"version":"\w+","rows":\d+\}/m, '"prices":{"version":"<version>","rows":"<rows>"}');
  const used = report.name === 'prices' ? withoutIdlePrices(replaced) : replaced;
  return used.includes('<demo>') ? used.replaceAll(/ {2,}/g, '  ').replaceAll(/─+/g, '─') : used;
}

/** Prices of models that the demo used. */
const withoutIdlePrices = (json: string): string =>
  json.replaceAll(/^\{.*"responses":0,.*\n/gm, '').replace('},\n]', '}\n]');

const aboutDemo = (report: Report, ...options: string[]): string[] => [
  report.name,
  ...argumentsOf(report),
  '--demo',
  ...options,
];

describe.each(byName)('%s', (_, report) => {
  it('answers about the demo as before, and as its header says', async () => {
    const { code, stdout, stderr } = await clawtrace(aboutDemo(report, '--json'));
    expect([code, stderr]).toEqual([0, '']);
    await expect(steady(report, stdout)).toMatchFileSnapshot(`snapshots/${report.name}.json`);
    const answer = JSON.parse(stdout) as Answer;
    const keys = keysOf(answer);
    expect(answer.report).toBe(report.name);
    expect(answer.columns.map(({ name }: { name: string }) => name)).toEqual(keys);
    for (const column of answer.columns) expect(column.description, column.name).toBeTruthy();
    const shapes = report.columns.filter(({ unit }) => unit === 'shape').map(({ name }) => name);
    expect(keys).toEqual(expect.arrayContaining(report.ownColumns.filter((name) => !shapes.includes(name))));
    expect(report.examples.length).toBeGreaterThan(0);
  });
});

/** The demo has no archive, so that there is nothing to verify. */
const keysOf = ({ report, rows, columns }: Answer): string[] =>
  report === 'archive verify' ? columns.map(({ name }: { name: string }) => name) : Object.keys(rows[0]!);

describe('every report, over logs that are read once', () => {
  type Look = (session: Session, report: Report, shown: Shown) => Promise<void>;

  /** Those that must be told something are asked by themselves; returns the names of all. */
  async function eachReport(options: readonly string[], look: Look): Promise<string[]> {
    const seen: string[] = [];
    const needy = reports.filter((report) => argumentsOf(report).length > 0);
    for (const report of needy) {
      const args = [...argumentsOf(report), ...options];
      const values = parseStrict(reportCommand(report).args, args, report.name);
      const { session, ...shown } = await openReport(report, values, catalog);
      await look(session, report, shown);
      seen.push(report.name);
      closeDatabases();
    }
    const others = reports.filter((report) => !needy.includes(report));
    const values = { demo: options.includes('--demo') };
    await runReports(others, values, catalog, async (session, report, shown) => {
      if (shown instanceof Error) throw shown;
      await look(session, report, shown);
      seen.push(report.name);
    });
    closeDatabases();
    return seen.sort();
  }

  async function inEveryFormat(session: Session, shown: Shown): Promise<Record<Format, string>> {
    const texts: Partial<Record<Format, string>> = {};
    for (const format of FORMATS)
      texts[format] = await text(render({ ...session, request: { ...session.request, format } }, shown));
    return texts as Record<Format, string>;
  }

  /** The same rows, whatever is put around them. */
  function checkFormats(name: string, texts: Record<Format, string>): void {
    const { rows, columns } = JSON.parse(texts.json) as Answer;
    const names = columns.map((column: { name: string }) => column.name);
    expect(texts.ndjson.split('\n').filter(Boolean).map((line) => JSON.parse(line) as object), name).toEqual(rows); // prettier-ignore
    expect(texts.csv.split('\n')[0], name).toBe(names.join(','));
    expect(texts.csv.trimEnd().split('\n').length - 1, name).toBeGreaterThanOrEqual(rows.length);
    const [head, rule, ...lines] = texts.markdown.trimEnd().split('\n');
    const cellsOf = (line: string | undefined): number => line!.split(/(?<!\\)\|/).length;
    expect(rule, name).toMatch(/^\|(?:[-: ]+\|)+$/);
    for (const line of [head, ...lines]) expect(cellsOf(line), line).toBe(cellsOf(rule));
    expect(lines.length, name).toBeGreaterThanOrEqual(rows.length);
    expect(texts.table === '', name).toBe(rows.length === 0);
  }

  it('has the same rows in every format, and fits a terminal of 80, 60 and 40 columns', async () => {
    let drawn = 0;
    const seen = await eachReport(['--demo'], async (session, report, shown) => {
      checkFormats(report.name, await inEveryFormat(session, shown));
      for (const table of [shown.result, ...shown.parts.values()]) {
        const cells = await readCells(session, table, report.top ?? 100);
        for (const width of cells.lines.length > 0 ? [80, 60, 40] : []) {
          const drawing = drawTable(cells, { width, hasColor: false }).text;
          const widths = drawing.split('\n').map((line) => stringWidth(line));
          expect(Math.max(...widths), drawing).toBeLessThanOrEqual(width);
          drawn++;
        }
      }
    });
    expect(seen).toEqual(reports.map(({ name }) => name).sort());
    expect(drawn).toBeGreaterThan(3 * reports.length);
  });

  it('has an answer without any logs, in every format', async () => {
    const seen = await eachReport([], async (session, report, shown) => {
      checkFormats(report.name, await inEveryFormat(session, shown));
    });
    expect(seen).toEqual(reports.map(({ name }) => name).sort());
  });

  it.each([
    ['models', 'table', 'txt'],
    ['models', 'csv', 'csv'],
    ['models', 'markdown', 'markdown'],
    ['models', 'ndjson', 'ndjson'],
    // of parts, with drawn bars
    ['costs', 'table', 'txt'],
  ])('%s looks as before as %s', async (name, format, ending) => {
    const report = (await catalog.report(name))!;
    const { stdout } = await clawtrace(aboutDemo(report, '--format', format));
    await expect(steady(report, stdout)).toMatchFileSnapshot(`snapshots/${name}.${ending}`);
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
    const totals = new Set<string>();
    const values = { demo: true };
    await runReports(
      (await Promise.all(names.map((name) => catalog.report(name)))).map((report) => report!),
      values,
      catalog,
      async (session, _, shown) => {
        if (shown instanceof Error) throw shown;
        const json = await text(render({ ...session, request: { ...session.request, format: 'json' } }, shown));
        totals.add(/^"totals":(.*),$/m.exec(json)![1]!);
      },
    );
    closeDatabases();
    expect([...totals]).toEqual([expect.stringMatching(/^\{"responses":520,.*"cost":509\.515678340000,/)]);
  });

  it('a breakdown adds up to its row', async () => {
    for (const dimension of ['model', 'project', 'agent', 'source', 'provider', 'branch']) {
      const { rows } = await ask(['weekly', '--demo', `--breakdown=${dimension}`]);
      expect(rows.length).toBeGreaterThan(1);
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
      const outputs = new Set<string>();
      for (const threads of ['1', '2', '3', '4', '2']) {
        const { stdout } = await clawtrace([name, '--demo', '--json', '--breakdown=agent'], {
          home,
          env: { CLAWTRACE_THREADS: threads },
        });
        outputs.add(stdout);
      }
      expect(outputs.size).toBe(1);
    }
  });
});
