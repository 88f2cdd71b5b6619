import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { faintTexts, nameless, pageWidth } from './page-checks.mjs';
import { browserPath, openBrowser, visit, type Visit } from './browser.ts';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  exactTotal,
  homeWith,
  temporaryFolder,
  type Surroundings,
} from './helpers.ts';
import { HOSTILE, hostileLogs } from './hostile.ts';

/** Writes the page, and returns its path. */
async function dashboard(args: readonly string[], surroundings: Surroundings = {}): Promise<string> {
  const cwd = temporaryFolder();
  const { code, stderr } = await clawtrace(['dashboard', ...args], { cwd, ...surroundings });
  expect(code, stderr).toBe(0);
  return join(cwd, 'clawtrace.html');
}

let home: string;
let demo: string;
beforeAll(async () => {
  home = temporaryFolder();
  demo = await dashboard(['--demo'], { home });
});

describe('dashboard', () => {
  it('writes one private file, and leaves nothing beside it', () => {
    const file = demo;
    expect(readdirSync(join(file, '..'))).toEqual(['clawtrace.html']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is the same every time, and printed with -o -, and nothing else', async () => {
    const cwd = temporaryFolder();
    const env = { CLAWTRACE_THREADS: '4' };
    const { stdout, stderr, code } = await clawtrace(['dashboard', '--demo', '-o', '-'], { cwd, home, env });
    expect([code, stderr, readdirSync(cwd)]).toEqual([0, '', []]);
    expect(stdout).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(stdout).toBe(readFileSync(demo, 'utf8'));
  });

  it('says in one line that it cannot write', async () => {
    const { code, stderr } = await clawtrace(['dashboard', '--demo', '-o', 'no/such/folder.html'], {
      cwd: temporaryFolder(),
    });
    expect(code).toBe(1);
    expect(stderr.trim()).toMatch(/^clawtrace: there is no folder \S*such\. Create it first\.$/);
  });

  it('writes over no log, and into no folder of logs', async () => {
    const there = { home: homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })] }) };
    const log = join(there.home, claudePath('s1'));
    const before = readFileSync(log, 'utf8');
    const over = await clawtrace(['dashboard', '-o', log], there);
    expect([over.code, over.stderr]).toEqual([1, `clawtrace: ${log} is a log of an agent. Name another file.\n`]);
    const beside = await clawtrace(['dashboard', '-o', `${log}.html`], there);
    expect([beside.code, beside.stderr]).toEqual([1, expect.stringContaining("the folder of an agent's logs")]);
    expect([readFileSync(log, 'utf8'), readdirSync(join(log, '..'))]).toEqual([before, ['s1.jsonl']]);
  });

  it('names nothing to load, and lets no script run but its own', () => {
    const page = readFileSync(demo, 'utf8');
    const script = /<script>([^]*?)<\/script>/.exec(page)![1]!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(`default-src 'none'; script-src 'sha256-${hash}';`);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(
      /<(img|iframe|object|embed|form|base)\b(?=[^<]*>\s*<)|<link(?! rel="icon" href="data:,">)/,
    );
  });

  it('has an answer of every report that it shows', () => {
    const page = readFileSync(demo, 'utf8');
    const { reports } = JSON.parse(/id="data">([^]*?)<\/script>/.exec(page)![1]!);
    for (const [name, { error }] of Object.entries<{ error?: string }>(reports))
      expect([name, error]).toEqual([name, undefined]);
    expect(Object.keys(reports)).toEqual(expect.arrayContaining(['status', 'pace', 'rollup', 'sessions', 'doctor']));
  });

  it('embeds names as data that no HTML parser can leave', async () => {
    const file = await dashboard([], { home: homeWith(hostileLogs()) });
    const page = readFileSync(file, 'utf8');
    expect(page).not.toContain('<img src=x');
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    const data = JSON.parse(/id="data">([^]*?)<\/script>/.exec(page)![1]!);
    const models = data.reports.rollup.columns.findIndex((column: { name: string }) => column.name === 'model');
    expect(data.reports.rollup.values[models].names.toSorted()).toEqual(HOSTILE.toSorted());
  });

  it('holds a busy year in less than a megabyte', async () => {
    // 365 days of 24 rows: 6 projects x 4 models, 8,760 responses
    const logs: Record<string, object[]> = {};
    for (let day = 0; day < 365; day++) {
      const date = new Date(Date.UTC(2025, 4, 1 + day, 9)).toISOString();
      for (let project = 0; project < 6; project++) {
        logs[claudePath(`s${day}-${project}`, `-src-${project}`)] = MODELS.map((model, index) =>
          claudeLine({
            message: { id: `m${day}-${project}-${index}`, model },
            requestId: `r${day}-${project}-${index}`,
            sessionId: `s${day}-${project}`,
            cwd: `/src/project-${project}`,
            timestamp: date,
            usage: { input: 1234 + day, output: 98_765 + day, read: 12_345_678 + day, write5m: 345_678 + project },
          }),
        );
      }
    }
    const file = await dashboard([], { home: homeWith(logs), env: { CLAWTRACE_NOW: '2026-05-01T12:00:00Z' } });
    expect(statSync(file).size).toBeLessThan(1_000_000);
  });
});

const MODELS = ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5-20251001', 'gpt-5.4'];

describe.skipIf(!browserPath)('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function open(file: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Visit> {
    const visited = await visit(browser, pathToFileURL(file).href, options);
    onTestFinished(() => visited.page.close());
    expect(visited.complaints).toEqual([]);
    expect(visited.requests).toEqual([pathToFileURL(file).href]);
    return visited;
  }

  const total = (page: Page, key = 'cost'): Promise<string | null> =>
    page.locator(`[data-total="${key}"]`).getAttribute('data-exact');

  it('shows the totals of the reports, to the last digit', async () => {
    const { page } = await open(demo);
    expect(await total(page)).toBe(await exactTotal(['daily', '--demo']));
    const { totals } = await ask(['daily', '--demo']);
    expect(await total(page, 'responses')).toBe(String(totals.responses));
    expect(await total(page, 'total_tokens')).toBe(String(totals.total_tokens));
    for (const report of ['models', 'projects', 'agents', 'providers', 'sources'] as const) {
      const title = report[0]!.toUpperCase() + report.slice(1);
      const cells = page.locator(`section:has(> h2:text-is("${title}")) tbody tr td:nth-child(2)`);
      const shown = await cells.evaluateAll((all) => all.map((cell) => Number(cell.getAttribute('data-exact') ?? 0)));
      const dimension = report.slice(0, -1);
      const { rows } = await ask([
        'query',
        '--demo',
        `select sum(cost) as cost from usage group by ${dimension} order by cost desc nulls last`,
      ]);
      expect(shown.length, report).toBeGreaterThan(1);
      expect(shown).toEqual(rows.map((row) => row.cost ?? 0));
    }
    const { rows } = await ask(['status', '--demo']);
    expect(rows.map(({ period }) => period)).toEqual(expect.arrayContaining(['today', 'this month']));
    for (const { period, cost } of rows) {
      const figure = page.locator(`[data-report="status"][data-key="${period}"]`);
      expect(Number(await figure.getAttribute('data-exact'))).toBe(cost);
    }
  });

  it('shows what a filter of the command line lets through', async () => {
    const filter = ['--demo', '--project', 'infra', '--last', '30d'];
    const { page } = await open(await dashboard(filter));
    expect(await total(page)).toBe(await exactTotal(['daily', ...filter]));
    expect(await page.locator('header').innerText()).toContain('infra');
  });

  it('draws anew what the reader chooses, with the sums of the report', async () => {
    const { page, complaints } = await open(demo);
    const bars = (): Promise<string | null> => page.locator('svg').first().innerHTML();
    const before = await bars();
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'shop-web' });
    expect(await total(page)).toBe(await exactTotal(['daily', '--demo', '--project', 'shop-web']));
    expect(await bars()).not.toBe(before);
    await page.getByLabel('30 days').check();
    expect(await total(page)).toBe(await exactTotal(['daily', '--demo', '--project', 'shop-web', '--last', '30d']));
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'claude-opus-4-6' });
    const narrow = ['--demo', '--project', 'shop-web', '--model', 'claude-opus-4-6'];
    expect(await total(page)).toBe(await exactTotal(['daily', ...narrow, '--last', '30d']));
    await page.getByLabel('custom').check();
    await page.getByLabel('From', { exact: true }).fill('2026-04-10');
    await page.getByLabel('To', { exact: true }).fill('2026-04-20');
    expect(await total(page)).toBe(
      await exactTotal(['daily', ...narrow, '--since', '2026-04-10', '--until', '2026-04-20']),
    );
    for (const split of ['project', 'agent', 'provider', 'source', 'token kind']) {
      await page.getByLabel(split, { exact: true }).check();
      expect(await page.locator('svg').first().getAttribute('aria-label')).toContain(`by ${split}`);
    }
    expect(complaints).toEqual([]);
  });

  it('shows the sessions of the model chosen, not those of a model whose name contains it', async () => {
    const sessions = { short: ['gpt-5'], long: ['gpt-5-mini'], both: ['gpt-5', 'gpt-5-mini'], none: [undefined] };
    const logs = Object.entries(sessions).map(([sessionId, models]) => [
      claudePath(sessionId),
      models.map((model, index) =>
        claudeLine({
          sessionId,
          requestId: `r-${sessionId}-${index}`,
          uuid: `u-${sessionId}-${index}`,
          message: { id: `m-${sessionId}-${index}`, model },
          usage: { input: 1000 },
        }),
      ),
    ]);
    const home = homeWith(Object.fromEntries(logs));
    const { page } = await open(await dashboard([], { home, env: { CLAWTRACE_NOW: '2026-04-01T12:00:00Z' } }));
    const shown = async (model: string): Promise<string[]> => {
      await page.getByLabel('Model', { exact: true }).selectOption({ label: model });
      return (await page.locator('section:has(> h2:text-is("Sessions")) tbody th').allInnerTexts()).toSorted();
    };
    expect(await shown('gpt-5')).toEqual(['both', 'short']);
    expect(await shown('gpt-5-mini')).toEqual(['both', 'long']);
    expect(await shown('–')).toEqual(['none']);
  });

  it('sorts its tables by keyboard, and says how', async () => {
    const { page } = await open(demo);
    const panel = page.locator('section:has(> h2:text-is("Models"))');
    await panel.getByRole('button', { name: 'responses' }).focus();
    await page.keyboard.press('Enter');
    expect(await panel.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    const counts = (await panel.locator('tbody tr td:nth-child(4)').allInnerTexts()).map(Number);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  it('has a name for everything that is used or drawn', async () => {
    const { page } = await open(demo);
    expect(await page.evaluate(nameless)).toEqual([]);
    // every chart has its figures as a table beside it
    const charts = await page.locator('section:has(svg)').count();
    expect(charts).toBeGreaterThan(1);
    expect(await page.locator('section:has(svg):has(details table)').count()).toBe(charts);
  });

  it.each(['light', 'dark'] as const)('can be read in %s: every text has a contrast of 4.5', async (colorScheme) => {
    const { page } = await open(demo, { colorScheme });
    expect(await page.evaluate(faintTexts)).toEqual([]);
  });

  it('is dark on light on paper, whatever the screen is', async () => {
    const { page } = await open(demo, { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(faintTexts)).toEqual([]);
    expect(await page.locator('.controls').isVisible()).toBe(false);
  });

  it.each([380, 820, 1600])('fits a screen of %i pixels', async (width) => {
    const { page } = await open(demo, { viewport: { width, height: 800 } });
    expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(width);
  });

  it('has nothing to show without logs, and says so', async () => {
    const { page } = await open(await dashboard([]));
    expect(await page.locator('.totals').innerText()).toContain('No usage was found');
  });

  it('shows a single response', async () => {
    const home = homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1_000_000 } })] });
    const { page } = await open(await dashboard([], { home, env: { CLAWTRACE_NOW: '2026-04-01T12:00:00Z' } }));
    // a million tokens of input at $5
    expect([await total(page), await total(page, 'responses')]).toEqual(['5', '1']);
  });

  it('shows three years and 200 models', async () => {
    // one response a day of one of 200 models, each without a price, and once a day 100,000 tokens at $5 a million: 1096 x $0.50
    const days = Array.from({ length: 1096 }, (_, day) => new Date(Date.UTC(2023, 4, 1 + day, 9)).toISOString());
    const lines = days.flatMap((timestamp, day) => [
      claudeLine({
        timestamp,
        requestId: `a${day}`,
        message: { id: `a${day}`, model: `model-${day % 200}` },
        usage: { input: 7 },
      }),
      claudeLine({ timestamp, requestId: `b${day}`, message: { id: `b${day}` }, usage: { input: 100_000 } }),
    ]);
    const home = homeWith({ [claudePath('s1')]: lines });
    const { page, complaints } = await open(
      await dashboard([], { home, env: { CLAWTRACE_NOW: '2026-05-01T12:00:00Z' } }),
    );
    expect([await total(page), await total(page, 'unpriced_responses')]).toEqual(['548', '1096']);
    const models = page.locator('section:has(> h2:text-is("Models"))');
    expect(await models.locator('tbody tr').count()).toBe(8);
    await models.getByRole('button', { name: 'Show all 201' }).click();
    expect(await models.locator('tbody tr').count()).toBe(201);
    expect(await page.locator('.legend').innerText()).toContain('others');
    expect(complaints).toEqual([]);
  });

  it('takes no name for anything but a name', async () => {
    const { page, complaints } = await open(await dashboard([], { home: homeWith(hostileLogs()) }));
    expect(await total(page, 'responses')).toBe(String(HOSTILE.length));
    const models = page.locator('section:has(> h2:text-is("Models"))');
    await models.getByRole('button', { name: 'Show all' }).click();
    const shown = await models.locator('tbody th').allInnerTexts();
    expect(shown.toSorted()).toEqual(HOSTILE.map((name) => name.replace('\u202e', '\ufffd')).toSorted());
    for (const name of HOSTILE) {
      await page.getByLabel('Model', { exact: true }).selectOption({ index: HOSTILE.toSorted().indexOf(name) + 1 });
      expect(await total(page, 'responses')).toBe('1');
    }
    expect(await page.locator('img, b, script[src]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
