import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith } from './helpers.ts';

const config = '.config/clawtrace/config.toml';

let id = 0;
/** A response of claude-opus-4-6, whose output costs $25 a million tokens. */
const response = (at: string, dollars: number, cwd = '/src/app', more: object = {}): object =>
  claudeLine({
    timestamp: at,
    sessionId: `s-${cwd}`,
    cwd,
    requestId: `req_${++id}`,
    uuid: `u${id}`,
    message: { id: `msg_${id}` },
    usage: { output: Math.round(dollars * 40_000) },
    ...more,
  });

const homeOf = (responses: readonly object[], toml = ''): string =>
  homeWith({ [claudePath('all')]: responses, [config]: toml });

describe('budget', () => {
  const responses = [
    response('2026-03-31T21:59:59Z', 500), // March in Berlin, by a second
    response('2026-03-31T22:00:00Z', 4), // 1 April in Berlin
    response('2026-04-05T10:00:00Z', 6, '/src/web'),
    response('2026-04-09T21:59:59Z', 1.5),
    response('2026-04-10T08:00:00Z', 8.5, '/src/web', { isSidechain: true }),
  ];
  const toml = `timezone = "Europe/Berlin"
[budget]
monthly = 25
daily = 10
[budget.projects]
web = 14.5
"/src/app" = 100
nothing = 1
[budget.agents]
Subagent = 17
`;
  const env = { CLAWTRACE_NOW: '2026-04-10T12:00:00Z' };

  it('says what was spent of each, and where the month goes at this pace', async () => {
    const { rows } = await ask(['budget'], { home: homeOf(responses, toml), env });
    // April so far 4 + 6 + 1.50 + 8.50 = 20 on day 10 of 30: 60. web 14.50, app 5.50, the subagent 8.50
    const shown = rows.map((row) => [
      row.scope,
      row.name,
      row.period,
      row.since,
      row.spent,
      row.budget,
      row.percent_used,
    ]);
    expect(shown).toEqual([
      ['all', null, 'month', '2026-04-01', 20, 25, 80],
      ['all', null, 'day', '2026-04-10', 8.5, 10, 85],
      ['project', '/src/app', 'month', '2026-04-01', 5.5, 100, 5.5],
      ['project', 'nothing', 'month', '2026-04-01', 0, 1, 0],
      ['project', 'web', 'month', '2026-04-01', 14.5, 14.5, 100],
      ['agent', 'Subagent', 'month', '2026-04-01', 8.5, 17, 50],
    ]);
    expect(rows.map((row) => row.remaining)).toEqual([5, 1.5, 94.5, 1, 0, 8.5]);
    expect(rows.map((row) => row.projected)).toEqual([60, null, 16.5, 0, 43.5, 25.5]);
    expect(rows.map((row) => row.projected_percent)).toEqual([240, null, 16.5, 0, 300, 150]);
  });

  it('options beat the config file, and --fail-over exits with 5', async () => {
    const there = { home: homeOf(responses, 'timezone = "Europe/Berlin"\n[budget]\nmonthly = 1\n'), env };
    const code = async (...args: string[]): Promise<number | null> =>
      (await clawtrace(['budget', ...args], there)).code;
    expect(await code()).toBe(0);
    expect(await code('--fail-over', '80')).toBe(5);
    // 20 of 25 is 80 %; of 25.000001 it is less, however it is rounded
    expect(await code('--fail-over', '80', '--monthly', '25')).toBe(5);
    expect(await code('--fail-over', '80', '--monthly', '25.000001')).toBe(0);
    expect(await code('--fail-over', '80', '--monthly', '100', '--daily', '10.625')).toBe(5);
    expect(await code('--fail-over', '80', '--monthly', '100', '--project', 'app')).toBe(0);
  });

  it('without budgets says what was spent', async () => {
    const { rows } = await ask(['budget', '-z', 'UTC'], { home: homeOf(responses), env });
    expect(rows).toMatchObject([
      { period: 'month', spent: 16, budget: null, percent_used: null },
      { period: 'day', spent: 8.5, budget: null },
    ]);
    const { code, stderr } = await clawtrace(['budget', '--fail-over', '1'], { home: homeOf(responses), env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('clawtrace: --fail-over needs a budget: set [budget]')]);
  });

  it('a budget of 0 is over with the first cent, and has no percentage', async () => {
    const zero = ['budget', '--daily', '0', '--monthly', '0'];
    const there = { home: homeOf(responses), env };
    expect((await ask(zero, there)).rows).toMatchObject([
      { spent: 16, budget: 0, percent_used: null, remaining: -16, projected_percent: null },
      { spent: 8.5, budget: 0, percent_used: null, remaining: -8.5 },
    ]);
    expect((await clawtrace([...zero, '--fail-over', '80'], there)).code).toBe(5);
    const quiet = { home: homeOf(responses), env: { CLAWTRACE_NOW: '2026-05-10T12:00:00Z' } };
    expect((await clawtrace([...zero, '--fail-over', '80'], quiet)).code).toBe(0);
  });

  it('says so where nothing has the name of a budget', async () => {
    const { rows } = await ask(['budget'], { home: homeOf(responses, toml), env });
    expect(rows.filter((row) => row.hint).map((row) => [row.name, row.hint])).toEqual([
      ['nothing', 'No usage of project nothing this month.'],
    ]);
  });
});

describe('projected', () => {
  it('goes on by pace, and by what the weekdays were', async () => {
    const home = homeOf([
      response('2026-04-13T10:00:00Z', 10), // Monday: the first usage
      response('2026-04-14T10:00:00Z', 4), // Tuesday
      response('2026-04-20T10:00:00Z', 20), // Monday
      response('2026-04-21T10:00:00Z', 8), // Tuesday
      response('2026-04-28T10:00:00Z', 2), // Tuesday: today
    ]);
    const { rows } = await ask(['projected', '-z', 'UTC'], { home, env: { CLAWTRACE_NOW: '2026-04-28T12:00:00Z' } });
    // so far 44; by pace 44 * 30 / 28. Left: Tuesday, Wednesday, Thursday. Tuesdays were 4 and 8, the
    // others 0. Mean 6, of which 2 is spent: 44 + 4. Quartiles 4 and 8: 44 + 2, 44 + 6.
    expect(rows).toEqual([
      {
        month: '2026-04-01',
        day: 28,
        days: 30,
        month_to_date: 44,
        last_month: 0,
        projected: 47.142857142857,
        low: 46,
        by_weekday: 48,
        high: 50,
        unpriced_responses: 0,
      },
    ]);
  });

  it('looks back 56 days, and ends months at their borders', async () => {
    const home = homeOf([
      response('2026-02-25T10:00:00Z', 800), // Wednesday, 57 days before
      response('2026-02-26T10:00:00Z', 8), // Thursday, 56 days before
      response('2026-02-28T10:00:00Z', 32), // Saturday
      response('2026-03-01T10:00:00Z', 24), // Sunday
      response('2026-03-31T10:00:00Z', 16), // Tuesday
      response('2026-04-01T10:00:00Z', 8), // Wednesday
      response('2026-04-23T10:00:00Z', 10), // Thursday: today
      ...['2026-03-31T11:00:00Z', '2026-04-01T11:00:00Z'].map((time) =>
        response(time, 1, '/src/app', { message: { id: time, model: 'nobody-1' } }),
      ),
    ]);
    const { rows } = await ask(['projected', '-z', 'UTC'], { home, env: { CLAWTRACE_NOW: '2026-04-23T12:00:00Z' } });
    // 18 * 30 / 23. Of the eight weeks each weekday has eight days, and one more of each is left, while today is
    // dearer than Thursdays are: 8/8 + 8/8 + 16/8 + 24/8 + 32/8 = 11. Three quarters of all weekdays cost 0,
    // so the mean lies beyond the quartiles, and bounds them
    expect(rows).toMatchObject([
      {
        month_to_date: 18,
        last_month: 40,
        projected: 23.478260869565,
        low: 18,
        by_weekday: 29,
        high: 29,
        unpriced_responses: 1,
      },
    ]);
  });

  it('low and high hold by_weekday, where one dear day lifts the mean above the quartile', async () => {
    const wednesdays = ['2026-03-04', '2026-03-11', '2026-03-18', '2026-03-25', '2026-04-01', '2026-04-08'];
    const home = homeOf(wednesdays.map((day, index) => response(`${day}T10:00:00Z`, index === 2 ? 60 : 1)));
    const { rows } = await ask(['projected', '-z', 'UTC'], { home, env: { CLAWTRACE_NOW: '2026-04-28T12:00:00Z' } });
    // one Wednesday is left: 65 in 8 weeks, of which two had none; quartiles 0 and 1. So far 2
    expect(rows).toMatchObject([{ month_to_date: 2, low: 2, by_weekday: 10.125, high: 10.125 }]);
  });

  it('counts a weekday that has not been yet like all days, and knows nothing of a first day', async () => {
    const responses = [response('2026-03-30T10:00:00Z', 9), response('2026-04-01T10:00:00Z', 3)];
    const at = async (now: string) =>
      (await ask(['projected', '-z', 'UTC'], { home: homeOf(responses), env: { CLAWTRACE_NOW: now } })).rows[0]!;
    // Monday 9, Tuesday 0. On Wednesday 1 April the others count like both: mean 4.50. Of 30 days, 4 are
    // Mondays, 4 Tuesdays, 22 others; today 3 of its 4.50 are spent: 3 + 4 * 9 + 4 * 0 + 21 * 4.50 + 1.50
    expect(await at('2026-04-01T12:00:00Z')).toMatchObject({
      month_to_date: 3,
      last_month: 9,
      projected: 90,
      by_weekday: 135,
    });
    expect(await at('2026-03-30T12:00:00Z')).toMatchObject({ month_to_date: 9, projected: 9.3, by_weekday: null });
  });
});

describe('the cost so far', () => {
  it('ends with today in every report, whatever a clock that is wrong has logged', async () => {
    const home = homeOf([
      response('2026-04-01T10:00:00Z', 3),
      response('2026-04-10T23:00:00Z', 2), // later today
      response('2026-04-12T10:00:00Z', 100), // the day after tomorrow
    ]);
    const there = { home, env: { CLAWTRACE_NOW: '2026-04-10T12:00:00Z' } };
    const row = async (report: string, index: number) => (await ask([report, '-z', 'UTC'], there)).rows[index]!;
    expect(await row('status', 3)).toMatchObject({ period: 'this month', cost: 5 });
    expect(await row('costs', 2)).toMatchObject({ period: 'this month', cost: 5 });
    expect(await row('costs', 4)).toMatchObject({ period: 'projected', cost: 15 });
    expect(await row('pace', 2)).toMatchObject({ period: 'this month', cost: 5 });
    expect(await row('budget', 0)).toMatchObject({ period: 'month', spent: 5, projected: 15 });
    expect(await row('projected', 0)).toMatchObject({ month_to_date: 5, projected: 15 });
  });

  it('is projected to the same digit everywhere', async () => {
    const there = {
      home: homeOf([response('2026-04-03T10:00:00Z', 1)]),
      env: { CLAWTRACE_NOW: '2026-04-07T12:00:00Z' },
    };
    const rows = async (report: string) => (await ask([report, '-z', 'UTC'], there)).rows;
    // 1 * 30 / 7
    expect((await rows('costs'))[4]!.cost).toBe(4.285714285714);
    expect((await rows('budget'))[0]!.projected).toBe(4.285714285714);
    expect((await rows('projected'))[0]!.projected).toBe(4.285714285714);
  });
});

describe('plan', () => {
  const responses = [
    response('2026-03-10T10:00:00Z', 7), // before the subscription
    response('2026-03-20T10:00:00Z', 96),
    response('2026-04-02T10:00:00Z', 31),
  ];
  const env = { CLAWTRACE_NOW: '2026-04-10T12:00:00Z' };

  it('prorates the price by the days that it covers', async () => {
    const toml = 'timezone = "UTC"\n[plan]\nname = "max"\nmonthly_usd = 62\nsince = "2026-03-16"\n';
    const { rows, totals } = await ask(['plan'], { home: homeOf(responses, toml), env });
    // March: 16 of 31 days, 62 * 16 / 31 = 32, and 96 / 32 = 3. April: 10 of 30 days, 20.67; 31 / 20.67 = 1.5
    expect(rows).toEqual([
      {
        month: '2026-03-01',
        plan: 'max',
        days: 16,
        responses: 1,
        list_cost: 96,
        paid: 32,
        multiple: 3,
        uncovered_cost: 7,
        unpriced_responses: 0,
      },
      {
        month: '2026-04-01',
        plan: 'max',
        days: 10,
        responses: 1,
        list_cost: 31,
        paid: 20.666666666667,
        multiple: 1.5,
        uncovered_cost: 0,
        unpriced_responses: 0,
      },
    ]);
    expect(totals).toMatchObject({ days: 26, list_cost: 127, uncovered_cost: 7 });
  });

  it('takes its price from an option, its start from the first usage, and minds the window', async () => {
    const home = homeOf(responses);
    const shown = async (...args: string[]): Promise<unknown[]> =>
      (await ask(['plan', '-z', 'UTC', '--monthly-usd', '31', ...args], { home, env })).rows.map((row) => [
        row.month,
        row.days,
        row.paid,
        row.list_cost,
      ]);
    // 10 to 31 March are 22 days, at a dollar a day
    expect((await shown())[0]).toEqual(['2026-03-01', 22, 22, 103]);
    expect(await shown('--since', '2026-03-20', '--until', '2026-03-25')).toEqual([['2026-03-01', 6, 6, 96]]);
    const [unknown] = (await ask(['plan', '-z', 'UTC'], { home, env })).rows;
    expect(unknown).toMatchObject({ paid: null, multiple: null, list_cost: 103 });
  });
});
