import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { NOTEBOOKS, SITE } from '../notebooks/site/build.mjs';
import { isInstalled } from '../notebooks/site/install.mjs';
import { packagePath } from '../src/package.ts';
import { browserPath, openBrowser, visit, type Visit } from './browser.ts';
import { ask, environment, exactTotal, exactTotals, writeFile } from './helpers.ts';
import { HOSTILE, hostileLogs } from './hostile.ts';
import { faintTexts, nameless, pageWidth } from './page-checks.mjs';

const canRun = browserPath !== undefined && isInstalled();
const NO_NOTEBOOKS =
  'The notebooks are not installed: their tests are left out. npm ci --prefix notebooks installs them.';
if (!isInstalled() && process.env.CI) throw new Error(NO_NOTEBOOKS);
if (!isInstalled()) console.warn(NO_NOTEBOOKS);

let browser: Browser;
let home: string;
let site: { address: string; readonly process: ChildProcess };

/** Three times over, everything is exported and built. */
const PATIENCE = 120_000;

/** Runs the script of `npm run notebooks`, and waits until it serves. */
async function serve(args: readonly string[], logs: Record<string, object[]> = {}): Promise<void> {
  home = mkdtempSync(join(tmpdir(), 'clawtrace-test-'));
  for (const [path, lines] of Object.entries(logs)) writeFile(join(home, path), lines);
  const script = packagePath('notebooks/site/run.mjs');
  const child = spawn(process.execPath, [script, '--port=0', ...args], { env: environment(home) });
  site = { address: '', process: child };
  site.address = await new Promise<string>((done, fail) => {
    let text = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      const found = /http:\S+/.exec((text += part));
      if (found) done(found[0]);
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
    child.on('close', (code) => fail(new Error(`It ended with ${code}: ${errors}`)));
  });
}

/** Ends it as Ctrl-C does, and returns its exit code. */
async function stop(): Promise<number | null> {
  if (site.process.exitCode === null) {
    site.process.kill('SIGINT');
    await once(site.process, 'close');
  }
  rmSync(home, { recursive: true, force: true });
  return site.process.exitCode;
}

async function open(notebook: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Visit> {
  const visited = await visit(browser, `${site.address}${notebook}.html`, options);
  onTestFinished(() => visited.page.close());
  // the last cell that every notebook fills
  await visited.page.locator('main .panel').last().waitFor();
  await visited.page.waitForLoadState('networkidle');
  expect(visited.complaints).toEqual([]);
  expect(visited.requests.filter((url) => !url.startsWith(site.address))).toEqual([]);
  return visited;
}

/** Waits until the notebook shows it: it draws what was chosen when it can. */
const shows = (page: Page, key: string, exact: string): Promise<void> =>
  page.locator(`[data-total="${key}"][data-exact="${exact}"]`).waitFor({ timeout: 20_000 });

const panelOf = (page: Page, title: string) => page.locator(`section.panel:has(> h2:text-is("${title}"))`);

beforeAll(async () => {
  if (canRun) browser = await openBrowser();
});
afterAll(() => browser?.close());

describe.skipIf(!canRun)('the notebooks of the sample logs', () => {
  beforeAll(() => serve(['--demo']), PATIENCE);
  afterAll(stop);

  it.each(NOTEBOOKS)('%s says what it is, draws, and asks nobody else', async (notebook) => {
    const { page } = await open(notebook);
    expect(await page.locator('h1').innerText()).toContain('sample logs');
    expect(await page.locator('header').innerText()).toContain('an estimate from local logs, not a bill');
    expect(await page.locator('main svg').count()).toBeGreaterThan(0);
    expect(await page.locator('main table').count()).toBeGreaterThan(0);
    expect(await page.evaluate(nameless)).toEqual([]);
    expect(await page.evaluate(faintTexts)).toEqual([]);
  });

  it.each(NOTEBOOKS)('%s can be read in the dark, and on a phone', async (notebook) => {
    const { page } = await open(notebook, { colorScheme: 'dark', viewport: { width: 400, height: 800 } });
    expect(await page.evaluate(faintTexts)).toEqual([]);
    expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(400);
  });

  it('names no other server', () => {
    const files = readdirSync(SITE, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    expect(files.length).toBeGreaterThan(NOTEBOOKS.length);
    for (const { parentPath, name } of files.filter(({ name }) => /\.(js|css|html)$/.test(name))) {
      const text = readFileSync(join(parentPath, name), 'utf8');
      expect(text, name).not.toMatch(/https?:\/\/[a-z.-]*(jsdelivr|unpkg|esm\.sh|googleapis)/);
      expect(text, name).not.toMatch(/@import\s+(url\()?["']?https?:|\b(import|from)\s*\(?["'`]https?:/);
    }
  });

  it('exports no path, no id of a message, and no content', () => {
    const data = packagePath('notebooks/data');
    expect(readdirSync(data).length).toBeGreaterThanOrEqual(3);
    for (const name of readdirSync(data)) {
      expect(readFileSync(join(data, name), 'latin1'), name).not.toMatch(/\/home\/|msg_|req_|\.jsonl/);
    }
  });

  it.each(['costs', 'anomalies', 'sessions'])(
    '%s shows the totals of the reports, to the last digit',
    async (notebook) => {
      const { page } = await open(notebook);
      const { totals } = await ask(['daily', '--demo']);
      await shows(page, 'cost', await exactTotal(['daily', '--demo']));
      await shows(page, 'responses', String(totals.responses));
      await shows(page, 'total_tokens', String(totals.total_tokens));
    },
  );

  it.each(['costs', 'anomalies', 'sessions'])('%s follows a project, a model and a range', async (notebook) => {
    const { page, complaints } = await open(notebook);
    const drawn = await page.locator('main svg').first().innerHTML();
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'shop-web' });
    await shows(page, 'cost', await exactTotal(['daily', '--demo', '--project', 'shop-web']));
    await page.getByLabel('30 days').check();
    await shows(page, 'cost', await exactTotal(['daily', '--demo', '--project', 'shop-web', '--last', '30d']));
    expect(await page.locator('main svg').first().innerHTML()).not.toBe(drawn);
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'claude-opus-4-6' });
    const narrow = ['daily', '--demo', '--project', 'shop-web', '--model', 'claude-opus-4-6'];
    await shows(page, 'cost', await exactTotal([...narrow, '--last', '30d']));
    await page.getByLabel('custom').check();
    await page.getByLabel('From', { exact: true }).fill('2026-04-10');
    await page.getByLabel('To', { exact: true }).fill('2026-04-20');
    await shows(page, 'cost', await exactTotal([...narrow, '--since', '2026-04-10', '--until', '2026-04-20']));
    expect(complaints).toEqual([]);
  });

  it('costs splits by project, source, agent or kind of token, in dollars and in tokens', async () => {
    const { page, complaints } = await open('costs');
    for (const split of ['project', 'source', 'agent', 'token kind']) {
      await page.getByLabel(split, { exact: true }).check();
      const panel = panelOf(page, `Cost per day, by ${split}`);
      await panel.waitFor();
      // the stack of a day is its cost, whatever it is split by
      await panel.locator('summary').click();
      const day = panel.locator('tr:has(th:text-is("2026-04-23")) td');
      const parts = (await day.allInnerTexts()).filter((text) => text !== '');
      const sum = parts.reduce((total, text) => total + Math.round(Number(text.replace('$', '')) * 100), 0);
      expect(Math.abs(sum - 7971)).toBeLessThanOrEqual(parts.length);
    }
    await page.getByLabel('tokens', { exact: true }).check();
    await panelOf(page, 'Tokens per day, by token kind').waitFor();
    expect(complaints).toEqual([]);
  });

  it('costs adds up the month as the report projected does', async () => {
    const { page } = await open('costs');
    const panel = panelOf(page, 'This month, added up');
    const [row] = (await ask(['projected', '--demo'])).rows;
    const shown = await panel
      .locator('tbody td:nth-child(2)')
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-exact')));
    const names = ['month_to_date', 'last_month', 'projected', 'low', 'by_weekday', 'high'];
    expect(shown.slice(0, 6).map(Number)).toEqual(names.map((name) => row![name]));
  });

  it('anomalies flags the days of the report, by either method and for a project', async () => {
    const { page } = await open('anomalies');
    const flagged = panelOf(page, 'Flagged days, and what drove each');
    const expectDays = async (args: string[]): Promise<void> => {
      const { rows } = await ask(['anomalies', '--demo', ...args]);
      expect(rows.length).toBeGreaterThan(0);
      await flagged.locator(`tbody tr:nth-child(${rows.length}):last-child`).waitFor();
      await flagged.locator(`tbody tr:last-child th:has-text("${rows.at(-1)!.date}")`).waitFor();
      expect(await flagged.locator('tbody th').allInnerTexts()).toEqual(rows.map(({ date }) => date));
    };
    await expectDays([]);
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'shop-api' });
    const { rows } = await ask(['anomalies', '--demo', '--by', 'project']);
    const days = rows.filter(({ subject }) => subject === 'shop-api').map(({ date }) => date);
    await flagged.locator(`tbody tr:nth-child(${days.length}):last-child`).waitFor();
    expect(await flagged.locator('tbody th').allInnerTexts()).toEqual(days);
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'all 6' });
    await page.getByLabel('median of 28 days').check();
    await expectDays(['--method', 'robust']);
  });

  it('sessions are those of the report, and their table sorts', async () => {
    const { page } = await open('sessions');
    const { rows } = await ask(['sessions', '--demo']);
    const panel = panelOf(page, 'Sessions');
    await panel.getByRole('button', { name: `Show all ${rows.length}` }).click();
    const costs = await panel
      .locator('tbody td:nth-child(5)')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-exact'))));
    expect(costs).toEqual(rows.map(({ cost }) => cost ?? 0));
    await panel.getByRole('button', { name: 'responses' }).click();
    const counts = (await panel.locator('tbody td:nth-child(6)').allInnerTexts()).map(Number);
    expect(counts).toEqual(rows.map(({ responses }) => responses).sort((a, b) => b - a));
  });

  it('cache shows the totals of the report, and of a project in a range', async () => {
    const { page } = await open('cache');
    const names = ['saved_by_reads', 'write_5m_overhead', 'write_1h_overhead', 'net_savings'];
    const all = await exactTotals(['cache', '--demo']);
    for (const name of names) await shows(page, name, all[name]!);
    await page.getByLabel('Project', { exact: true }).selectOption({ label: 'infra' });
    await page.getByLabel('30 days').check();
    const some = await exactTotals(['cache', '--demo', '--project', 'infra', '--last', '30d']);
    for (const name of names) await shows(page, name, some[name]!);
  });

  it('prices shows every price that was paid', async () => {
    const { page } = await open('prices');
    const sql = `select count(*) as responses, sum(cost) as cost from usage where cost_basis = 'list'`;
    const [{ responses, cost }] = (await ask(['query', '--demo', sql])).rows as [Record<string, number>];
    await shows(page, 'responses', String(responses));
    expect(Number(await page.locator('[data-total="cost"]').getAttribute('data-exact'))).toBe(cost);
    await page.getByLabel('Model', { exact: true }).selectOption({ label: 'o3' });
    // two prices: $10, and $2 from June 2025 on
    await shows(page, 'changes', '1');
    expect(await panelOf(page, 'Prices, and what was used at each').locator('tbody tr').count()).toBe(2);
  });

  it('answers to this machine only', async () => {
    const { port } = new URL(site.address);
    const status = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number | undefined> =>
      new Promise((done, fail) => {
        const asked = request({ host: '127.0.0.1', port, path, headers, method, agent: false });
        asked.on('response', (response) => done(response.resume().statusCode)).on('error', fail);
        asked.end();
      });
    expect(await status('/costs.html')).toBe(200);
    expect(await status('/')).toBe(302);
    expect(await status('/costs.html', { host: 'elsewhere.example' })).toBe(403);
    expect(await status('/costs.html', {}, 'POST')).toBe(405);
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/none.html', '/%'])
      expect(await status(path), path).toBe(404);
  });

  it.skipIf(process.platform === 'win32')('ends with 130 after Ctrl-C', async () => {
    expect(await stop()).toBe(130);
  });
});

describe.skipIf(!canRun)('the notebooks without any log', () => {
  beforeAll(() => serve([]), PATIENCE);
  afterAll(stop);

  it.each(NOTEBOOKS)('%s has little to say, and says it', async (notebook) => {
    const { page, complaints } = await open(notebook);
    expect(await page.locator('header').innerText()).toContain('0 responses');
    expect(await page.locator('.observablehq--error').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe.skipIf(!canRun)('the notebooks of hostile names', () => {
  beforeAll(() => serve(['--last', '9999d'], hostileLogs()), PATIENCE);
  afterAll(stop);

  it.each(NOTEBOOKS)('%s takes no name for anything but a name', async (notebook) => {
    const { page, complaints } = await open(notebook);
    expect(await page.locator('header').innerText()).toContain(`${HOSTILE.length} responses`);
    expect(await page.locator('main img, main b, main script').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
