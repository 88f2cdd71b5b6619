import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrict } from '../src/request/arguments.ts';
import { readCatalog } from '../src/catalog/catalog.ts';
import { reportCommand } from '../src/commands/report.ts';
import { closeDatabase, openDatabase, rows } from '../src/database/connection.ts';
import { runIntoTable } from '../src/session/result.ts';
import { readRequest, type Request } from '../src/request/request.ts';
import { tellQuestion } from '../src/session/register.ts';
import { openSession } from '../src/session/session.ts';
import { ask, claudeLine, claudePath, clawtrace, homeWith, useEmptyHome, writeFile } from './helpers.ts';

useEmptyHome();

/** Output of claude-opus-4-6 costs 25 micro-dollars a token; $1 is 40,000 tokens. */
const MICROS_PER_TOKEN = 25;
const usd = (dollars: number): number => Math.round((dollars * 1e6) / MICROS_PER_TOKEN);

interface Spent {
  readonly at: string;
  readonly tokens: number;
  readonly project?: string;
  readonly session?: string;
  readonly model?: string;
}

let id = 0;
const line = ({
  at,
  tokens,
  project = '/src/app',
  session = `s-${project}`,
  model = 'claude-opus-4-6',
}: Spent): object =>
  claudeLine({
    timestamp: at,
    sessionId: session,
    cwd: project,
    requestId: `req_${++id}`,
    uuid: `u${id}`,
    message: { id: `msg_${id}`, model },
    usage: { output: tokens },
  });

const homeOf = (spent: readonly Spent[]): string => homeWith({ [claudePath('all')]: spent.map(line) });

/** $ a day, from 2026-03-02 on, a Monday; null is a day without usage. */
const daily = (dollars: readonly (number | null)[], more: Partial<Spent> = {}): Spent[] =>
  dollars.flatMap((cost, index) =>
    cost === null ? [] : [{ at: `${dayOf(index)}T12:00:00Z`, tokens: usd(cost), ...more }],
  );
const dayOf = (index: number): string => new Date(Date.UTC(2026, 2, 2 + index)).toISOString().slice(0, 10);

interface SeedRow {
  readonly date: string;
  readonly expected_cost: number;
  readonly actual_cost: number;
  readonly severity: string;
  readonly pct_over: number;
}

/** numerator / denominator at so many places, halves away from zero, exactly. */
function rounded(numerator: bigint, denominator: bigint, places: number): number {
  const scaled = (2n * numerator * 10n ** BigInt(places) + denominator) / (2n * denominator);
  return Number(`${scaled}e-${places}`);
}

/**
 * The seed's definition, word for word, over exact micro-dollars: days that have records, by UTC; from
 * the fourth on, expected is the mean of the previous min(7, i) of them; above 25 % a warning, above
 * 75 % critical; where nothing was expected and something was spent, a warning of 100 %.
 */
function seedAnomalies(spent: readonly Spent[], hasZeroRule: boolean): SeedRow[] {
  const days = new Map<string, bigint>();
  for (const { at, tokens } of spent) {
    const day = at.slice(0, 10);
    days.set(day, (days.get(day) ?? 0n) + BigInt(tokens * MICROS_PER_TOKEN));
  }
  const ordered = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.flatMap(([date, actual], index) => {
    if (index < 3) return [];
    const before = ordered.slice(Math.max(0, index - 7), index).map(([, cost]) => cost);
    const [sum, n] = [before.reduce((total, cost) => total + cost, 0n), BigInt(before.length)];
    const row = { date, expected_cost: rounded(sum, n * 1_000_000n, 4), actual_cost: rounded(actual, 1_000_000n, 4) };
    if (sum === 0n) return hasZeroRule && actual > 0n ? [{ ...row, severity: 'warning', pct_over: 100 }] : [];
    const over = actual * n - sum;
    if (over * 100n <= 25n * sum) return [];
    const severity = over * 100n > 75n * sum ? 'critical' : 'warning';
    return [{ ...row, severity, pct_over: rounded(over * 100n, sum, 1) }];
  });
}

/** The same in floating point, as the seed computes it. */
function seedAnomaliesInFloats(spent: readonly Spent[]): SeedRow[] {
  const days = new Map<string, number>();
  for (const { at, tokens } of spent) {
    days.set(at.slice(0, 10), (days.get(at.slice(0, 10)) ?? 0) + (tokens * 25) / 1e6);
  }
  const ordered = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return ordered.flatMap(([date, actual], index) => {
    if (index < 3) return [];
    const before = ordered.slice(Math.max(0, index - 7), index).map(([, cost]) => cost);
    const expected = before.reduce((total, cost) => total + cost, 0) / before.length;
    if (expected === 0)
      return actual > 0 ? [{ date, expected_cost: 0, actual_cost: actual, severity: 'warning', pct_over: 100 }] : [];
    const pct = (actual - expected) / expected;
    if (pct <= 0.25) return [];
    const severity = pct > 0.75 ? 'critical' : 'warning';
    return [{ date, expected_cost: expected, actual_cost: actual, severity, pct_over: pct * 100 }];
  });
}

/** Days of use with pauses; calm ones, spikes, small change, and stretches that cost nothing. */
const history: fc.Arbitrary<Spent[]> = fc
  .array(
    fc.record({
      pause: fc.integer({ min: 1, max: 4 }),
      hours: fc.array(fc.integer({ min: 0, max: 86_399_999 }), { minLength: 1, maxLength: 3 }),
      tokens: fc.oneof(
        fc.integer({ min: 30_000, max: 60_000 }),
        fc.integer({ min: 0, max: 400_000 }),
        fc.constantFrom(0, 0, 0, 40_000, 50_000, 70_000),
      ),
    }),
    { minLength: 4, maxLength: 30 },
  )
  .chain((days) =>
    // half of the histories begin with days that cost nothing
    fc
      .boolean()
      .map((isQuiet) => (isQuiet ? days.map((day, index) => (index < 9 ? { ...day, tokens: 0 } : day)) : days)),
  )
  .map((days) => {
    let day = Date.UTC(2026, 1, 1);
    return days.flatMap(({ pause, hours, tokens }) => {
      day += pause * 86_400_000;
      return hours.map((ms) => ({ at: new Date(day + ms).toISOString(), tokens }));
    });
  });

const histories = fc.sample(history, { numRuns: 50, seed: 42 });
const seedKeys = ({ date, expected_cost, actual_cost, severity, pct_over }: Record<string, any>): SeedRow => ({
  date,
  expected_cost,
  actual_cost,
  severity,
  pct_over,
});

/** All histories in one log, each as a project. */
const projects = histories.map((_, index) => `/src/p${String(index).padStart(2, '0')}`);
const homeOfProjects = (): string =>
  homeOf(histories.flatMap((days, index) => days.map((day) => ({ ...day, project: projects[index]! }))));

/** The rows of anomalies for each of several command lines, over logs that this process reads once. */
async function askEach(home: string, lines: readonly string[][]): Promise<Record<string, any>[][]> {
  const catalog = await readCatalog();
  const report = (await catalog.report('anomalies'))!;
  const { args } = reportCommand(report);
  const requestOf = (line: readonly string[]): Request =>
    readRequest(parseStrict(args, [...line, '--logs', join(home, '.claude')], report.name), catalog, report);
  const session = await openSession(await openDatabase(), requestOf(lines[0]!), report);
  const answers: Record<string, any>[][] = [];
  for (const line of lines) {
    const own = { ...session, request: requestOf(line) };
    await tellQuestion(own.connection, own.request);
    const { table } = await runIntoTable(own, report, 'result');
    const json = await rows(
      session.connection,
      `select to_json(${table})::varchar as row from ${table} order by rowid`,
    );
    answers.push(json.map(({ row }) => JSON.parse(row as string)));
  }
  closeDatabase(session.connection);
  return answers;
}

describe('anomalies --method seed', () => {
  it('gives the rows of the definition, for 50 random histories, whatever the zone', async () => {
    const args = ['--method', 'seed', '-z', 'Asia/Kolkata'];
    const all = homeOfProjects();
    // each history is asked for by its project, of logs that are read once
    const found = await askEach(all, projects.map((project) => [...args, '--project', project])); // prettier-ignore
    found.forEach((rows, index) => expect(rows.map(seedKeys)).toEqual(seedAnomalies(histories[index]!, true)));
    // alone in a log, a history has the same rows
    for (const index of [0, 1, 2]) {
      const { rows } = await ask(['anomalies', ...args], { home: homeOf(histories[index]!) });
      expect(rows.map(seedKeys)).toEqual(found[index]!.map(seedKeys));
    }
    // the histories are of some use: they hold anomalies, and days after days that cost nothing
    expect(found.flat().length).toBeGreaterThan(50);
    expect(histories.flatMap((spent) => seedAnomalies(spent, true)).some((row) => row.expected_cost === 0)).toBe(true);
  });

  it('the definition in floats, as the seed has it, differs by rounding only', () => {
    for (const spent of histories) {
      const exact = seedAnomalies(spent, true);
      const floats = seedAnomaliesInFloats(spent).filter(({ date }) => exact.some((row) => row.date === date));
      expect(floats.map(({ date, severity }) => [date, severity])).toEqual(
        exact.map(({ date, severity }) => [date, severity]),
      );
      floats.forEach((row, index) => {
        expect(Math.abs(row.expected_cost - exact[index]!.expected_cost)).toBeLessThan(0.000051);
        expect(Math.abs(row.pct_over - exact[index]!.pct_over)).toBeLessThan(0.051);
      });
    }
  });

  it('per project: each with its own days, and without the rule for days after nothing', async () => {
    const { rows } = await ask(['anomalies', '--method', 'seed', '--by', 'project'], { home: homeOfProjects() });
    for (const [index, days] of histories.entries()) {
      const own = rows.filter(({ subject }) => subject === projects[index]!.slice('/src/'.length));
      expect(own.map(seedKeys)).toEqual(seedAnomalies(days, false));
    }
  });
});

describe('anomalies --method rolling', () => {
  it('is a warning above 25 %, critical above 75 %, and nothing at either', async () => {
    // mean 10: 12.50 is at the threshold; then mean (30 + 12.5) / 4 = 10.625, of which 13.50 is 27.1 % over;
    // mean (30 + 12.5 + 13.5) / 5 = 11.20, of which 19.60 is exactly 75 % over, and 21 of mean 12.60 66.7 %
    const home = homeOf(daily([10, 10, 10, 12.5, 13.5, 19.6, 21, 30]));
    const { rows } = await ask(['anomalies'], { home });
    // the last: mean of seven, (10 + 10 + 10 + 12.5 + 13.5 + 19.6 + 21) / 7 = 13.8 exactly; 30 is 117.39 % over
    expect(rows.map(seedKeys)).toEqual([
      { date: '2026-03-06', expected_cost: 10.625, actual_cost: 13.5, severity: 'warning', pct_over: 27.1 },
      { date: '2026-03-07', expected_cost: 11.2, actual_cost: 19.6, severity: 'warning', pct_over: 75 },
      { date: '2026-03-08', expected_cost: 12.6, actual_cost: 21, severity: 'warning', pct_over: 66.7 },
      { date: '2026-03-09', expected_cost: 13.8, actual_cost: 30, severity: 'critical', pct_over: 117.4 },
    ]);
  });

  it('needs three days before, and an excess of a dollar', async () => {
    // of a mean of 3 a third
    const home = homeOf([
      ...daily([3, 3, 3, 4], { project: '/src/dollar' }),
      ...daily([3, 3, 3, 3.999975], { project: '/src/less' }),
      ...daily([10, 10, 30], { project: '/src/early' }),
    ]);
    const { rows } = await ask(['anomalies', '--by', 'project'], { home });
    expect(rows.map(({ date, subject }) => [date, subject])).toEqual([['2026-03-05', 'dollar']]);
  });

  it('takes window, threshold and floor', async () => {
    const home = homeOf(daily([100, 10, 10, 10, 14, 0.01, 0.01, 0.01, 0.02]));
    const dates = async (...args: string[]): Promise<string[]> =>
      (await ask(['anomalies', ...args], { home })).rows.map((row) => row.date as string);
    // mean of four 32.50; of the last three 10
    expect(await dates()).toEqual([]);
    expect(await dates('--window', '3')).toEqual(['2026-03-06']);
    expect(await dates('--window', '3', '--threshold', '40')).toEqual([]);
    expect(await dates('--window', '3', '--min-usd', '4.000001')).toEqual([]);
    // one cent more than one cent
    expect(await dates('--window', '3', '--min-usd', '0.01')).toEqual(['2026-03-06', '2026-03-10']);
  });

  it('counts days of the zone, and compares the days shown with those before the window', async () => {
    const spent = [...daily([10, 10, 10]), { at: '2026-03-05T20:00:00Z', tokens: usd(30) }];
    const home = homeOf(spent);
    expect((await ask(['anomalies', '-z', 'UTC'], { home })).rows).toMatchObject([{ date: '2026-03-05' }]);
    const { rows } = await ask(['anomalies', '-z', 'Asia/Kolkata', '--since', '2026-03-06'], { home });
    expect(rows).toMatchObject([{ date: '2026-03-06', expected_cost: 10, actual_cost: 30 }]);
    expect((await ask(['anomalies', '-z', 'UTC', '--until', '2026-03-04'], { home })).rows).toEqual([]);
    expect((await ask(['anomalies', '--project', 'other'], { home })).rows).toEqual([]);
  });

  it('reads files that are older than the window, to compare with', async () => {
    const home = homeWith({});
    writeFile(join(home, claudePath('old')), daily([10, 10, 10]).map(line), '2026-03-04T13:00:00Z');
    writeFile(join(home, claudePath('new')), [line({ at: '2026-03-05T12:00:00Z', tokens: usd(30) })]);
    const { rows } = await ask(['anomalies', '--since', '2026-03-05'], { home });
    expect(rows).toMatchObject([{ date: '2026-03-05', expected_cost: 10 }]);
    expect((await ask(['daily', '--since', '2026-03-05'], { home })).rows).toHaveLength(1);
  });

  it('names what drove the spike, not what is dear every day', async () => {
    const base = daily([50, 50, 50, 50], { project: '/src/base', session: 'base' });
    const spike: Spent = { at: '2026-03-05T13:00:00Z', tokens: 3_000_000, project: '/src/new', session: 'night' };
    // sonnet-4-6 output is $15/M: 3 M tokens are $45 on top of 50, 90 % over
    const home = homeOf([...base, { ...spike, model: 'claude-sonnet-4-6' }]);
    const { rows } = await ask(['anomalies'], { home });
    expect(rows).toMatchObject([
      {
        subject: 'all',
        pct_over: 90,
        severity: 'critical',
        top_model: 'claude-sonnet-4-6',
        top_project: 'new',
        top_session: 'night',
      },
    ]);
  });

  it('leaves unknown prices out, and exits with 5 if asked', async () => {
    const home = homeOf([...daily([10, 10, 10, 20]), { at: '2026-03-06T12:00:00Z', tokens: 9e6, model: 'nobody-1' }]);
    const run = await clawtrace(['anomalies', '--exit-code', '--json'], { home });
    expect(run.code).toBe(5);
    expect(JSON.parse(run.stdout).rows).toMatchObject([{ date: '2026-03-05', pct_over: 100 }]);
    expect((await clawtrace(['anomalies', '--exit-code', '--until', '2026-03-04'], { home })).code).toBe(0);
    expect((await clawtrace(['anomalies'], { home })).code).toBe(0);
  });
});

describe('anomalies --method robust', () => {
  it('fills the days between with zero, and leaves out today', async () => {
    // 8 days: 10 0 10 0 10 0 10 10; median 10, distances 0 10 0 10 0 10 0 0: median distance 0, mean 3.75,
    // deviation 4.699875. 28 is 18 over, more than 3.5 deviations (16.449563) and less than 7
    const home = homeOf(daily([10, null, 10, null, 10, null, 10, 10, 28, 99]));
    const env = { CLAWTRACE_NOW: '2026-03-11T18:00:00Z' };
    const { rows } = await ask(['anomalies', '--method', 'robust'], { home, env });
    expect(rows.map(seedKeys)).toEqual([
      { date: '2026-03-10', expected_cost: 10, actual_cost: 28, severity: 'warning', pct_over: 180 },
    ]);
    // the day after, it is over: median of 10 0 10 0 10 0 10 10 28 is 10
    const after = await ask(['anomalies', '--method', 'robust', '--since', '2026-03-11'], {
      home,
      env: { CLAWTRACE_NOW: '2026-03-12T00:00:00Z' },
    });
    expect(after.rows).toMatchObject([
      { date: '2026-03-11', expected_cost: 10, actual_cost: 99, severity: 'critical' },
    ]);
  });

  it('takes 1.2533 times the mean distance where most days cost the same', async () => {
    // median 10, distances 0 10 0 10 0 10 0 0: median distance 0, mean 30 / 8 = 3.75, deviation 1.2533 * 3.75 =
    // 4.699875. 3.5 of it are 16.4495625, 7 are 32.899125
    const before = [10, null, 10, null, 10, null, 10, 10];
    const home = homeOf([
      ...daily([...before, 26.44955], { project: '/src/a' }),
      ...daily([...before, 26.449575], { project: '/src/b' }),
      ...daily([...before, 42.899125], { project: '/src/c' }),
      ...daily([...before, 42.89915], { project: '/src/d' }),
    ]);
    const env = { CLAWTRACE_NOW: '2026-03-11T00:00:00Z' };
    const { rows } = await ask(['anomalies', '--method', 'robust', '--by', 'project'], { home, env });
    expect(rows.map(({ date, subject, severity }) => [date, subject, severity])).toEqual([
      ['2026-03-10', 'b', 'warning'],
      ['2026-03-10', 'c', 'warning'],
      ['2026-03-10', 'd', 'critical'],
    ]);
  });

  it('expects of every day what the report compares it with', async () => {
    // rolling: mean of 10 10 10 is 10, and 25 % more than that is 12.50; mean of 2 2 2 is 2, and a dollar more is 3
    // robust: as above, 10 and 3.5 deviations, 26.4495625
    const home = homeOf([
      ...daily([10, 10, 10, 12.5], { project: '/src/percent' }),
      ...daily([2, 2, 2, 2.9], { project: '/src/dollar' }),
      ...daily([10, null, 10, null, 10, null, 10, 10, 20], { project: '/src/robust' }),
    ]);
    const expected = async (method: string, project: string): Promise<Record<string, any>[]> => {
      const spent = `select list({'subject': 'all', 'day': responded_at::date, 'cost': cost}) from usage`;
      const sql = `from expected_costs((${spent}), '${method}') order by day`;
      return (await ask(['query', sql, '--project', project], { home, env: { CLAWTRACE_NOW: '2026-03-11T00:00:00Z' } }))
        .rows;
    };
    expect(await expected('rolling', 'percent')).toMatchObject([
      { day: '2026-03-05', cost: 12.5, expected: 10, usual_limit: 12.5, severity: null },
    ]);
    expect(await expected('rolling', 'dollar')).toMatchObject([
      { day: '2026-03-05', cost: 2.9, expected: 2, usual_limit: 3, severity: null },
    ]);
    // of eight days the last has seven before it: median 10, distances 0 10 0 10 0 10 0, mean 30 / 7. Times 1.2533
    // that is 5.371285714286, at twelve places, and 3.5 of these are 18.799500000001
    expect(await expected('robust', 'robust')).toMatchObject([
      { day: '2026-03-09', expected: 10, usual_limit: 28.799500000001, severity: null },
      { day: '2026-03-10', expected: 10, usual_limit: 26.4495625, severity: null },
    ]);
  });

  it('is a warning above 3.5 deviations, critical above 7, of seven days before', async () => {
    // median 10, distances 2 1 1 0 1 1 2: median distance 1, deviation 1.4826. 3.5 of it are 5.1891, 7 are 10.3782
    const before = [8, 9, 9, 10, 11, 11, 12];
    const home = homeOf([
      ...daily([...before, 15.1891], { project: '/src/a' }),
      ...daily([...before, 15.189125], { project: '/src/b' }),
      ...daily([...before, 20.3782], { project: '/src/c' }),
      ...daily([...before, 20.378225], { project: '/src/d' }),
      ...daily([null, ...before.slice(1), 30], { project: '/src/e' }),
    ]);
    const env = { CLAWTRACE_NOW: '2026-03-10T00:00:00Z' };
    const { rows } = await ask(['anomalies', '--method', 'robust', '--by', 'project'], { home, env });
    expect(rows.map(({ date, subject, severity }) => [date, subject, severity])).toEqual([
      ['2026-03-09', 'b', 'warning'],
      ['2026-03-09', 'c', 'warning'],
      ['2026-03-09', 'd', 'critical'],
    ]);
  });

  it('can compare Mondays with Mondays', async () => {
    // five weeks of $10, Mondays $30. Against 28 days: median 10, mean distance 4 * 20 / 28 = 2.857143,
    // deviation 3.580857: 20 over is above 3.5 of it (12.53) and below 7 (25.07)
    const home = homeOf(daily(Array.from({ length: 35 }, (_, index) => (index % 7 === 0 ? 30 : 10))));
    const env = { CLAWTRACE_NOW: '2026-04-06T12:00:00Z' };
    const last = ['anomalies', '--method', 'robust', '--since', '2026-03-30'];
    expect((await ask(last, { home, env })).rows).toMatchObject([{ date: '2026-03-30', severity: 'warning' }]);
    expect((await ask([...last, '--same-weekday'], { home, env })).rows).toEqual([]);
    // three Mondays before are enough, of which $10 are expected; two are not
    const mondays = (dollars: readonly number[], project: string): Spent[] =>
      dollars.map((cost, week) => ({
        at: `${dayOf(28 - 7 * (dollars.length - 1 - week))}T12:00:00Z`,
        tokens: usd(cost),
        project,
      }));
    const few = homeOf([...mondays([10, 10, 10, 30], '/src/three'), ...mondays([10, 10, 30], '/src/two')]);
    const { rows } = await ask([...last, '--same-weekday', '--by', 'project'], { home: few, env });
    expect(rows).toMatchObject([{ date: '2026-03-30', subject: 'three', expected_cost: 10, actual_cost: 30 }]);
  });
});
