import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, homeWith, type Usage } from './helpers.ts';

interface Response {
  readonly at: string;
  readonly session?: string;
  readonly model?: string;
  readonly cwd?: string;
  readonly usage?: Usage;
}

/** 200,000 tokens of input of claude-opus-4-6, at 5 USD per million. */
const DOLLAR: Usage = { input: 200_000 };
const dollars = (amount: number): Usage => ({ input: amount * 200_000 });

/** A home with one log per session; a response costs a dollar unless it says otherwise. */
function homeOf(responses: readonly Response[]): string {
  const files: Record<string, object[]> = {};
  responses.forEach(({ at, session = 's1', model = 'claude-opus-4-6', cwd = '/src/app', usage = DOLLAR }, index) => {
    const message = { id: `m${index}`, model };
    const line = claudeLine({ sessionId: session, requestId: `r${index}`, timestamp: at, cwd, usage, message });
    (files[claudePath(session)] ??= []).push(line);
  });
  return homeWith(files);
}

const at = (now: string) => ({ CLAWTRACE_NOW: now });
const sum = (rows: Record<string, any>[], key: string): number => rows.reduce((total, row) => total + row[key], 0);

describe('cost-report', () => {
  // 7 days up to 8 May begin on 2 May
  const home = () =>
    homeOf([
      { at: '2026-05-01T23:59:59Z' },
      { at: '2026-05-02T00:00:00Z' },
      { at: '2026-05-05T10:00:00Z', session: 's2', model: 'claude-sonnet-4-6', usage: { input: 1_000_000 } }, // 3 USD
      { at: '2026-05-08T11:00:00Z', session: 's3', cwd: '/src/web', usage: dollars(2) },
    ]);
  const env = at('2026-05-08T12:00:00Z');

  it('has one window for all of its parts, and their sums agree', async () => {
    const answer = await ask(['cost-report'], { home: home(), env });
    expect(answer.timeseries).toEqual([
      { date: '2026-05-02', cost_usd: 1 },
      { date: '2026-05-03', cost_usd: 0 },
      { date: '2026-05-04', cost_usd: 0 },
      { date: '2026-05-05', cost_usd: 3 },
      { date: '2026-05-06', cost_usd: 0 },
      { date: '2026-05-07', cost_usd: 0 },
      { date: '2026-05-08', cost_usd: 2 },
    ]);
    expect(answer.models).toMatchObject([
      { model: 'claude-opus-4-6', cost_usd: 3, total_tokens: 600_000, message_count: 2 }, // 1 + 2
      { model: 'claude-sonnet-4-6', cost_usd: 3, total_tokens: 1_000_000, message_count: 1 },
    ]);
    expect(answer.projects).toMatchObject([
      { project: 'app', cost_usd: 4, total_tokens: 1_200_000, session_count: 2, message_count: 2 }, // 1 + 3
      { project: 'web', cost_usd: 2, total_tokens: 400_000, session_count: 1, message_count: 1 },
    ]);
    expect(answer.top_sessions).toMatchObject([
      { session_id: 's2', project: 'app', cost_usd: 3, total_tokens: 1_000_000, message_count: 1 },
      { session_id: 's3', project: 'web', cost_usd: 2, total_tokens: 400_000, message_count: 1 },
      { session_id: 's1', project: 'app', cost_usd: 1, total_tokens: 200_000, message_count: 1 },
    ]);
    expect(answer.totals.cost).toBe(6);
    for (const part of ['timeseries', 'models', 'projects', 'top_sessions']) {
      expect(sum(answer[part], 'cost_usd'), part).toBe(6);
    }
  });

  it('takes other days, and the window of the command line before its own', async () => {
    const surroundings = { home: home(), env };
    const eight = await ask(['cost-report', '--days', '8'], surroundings);
    expect([eight.timeseries.length, sum(eight.models, 'cost_usd')]).toEqual([8, 7]);
    const named = await ask(['cost-report', '--since', '2026-05-01', '--until', '2026-05-02'], surroundings);
    expect([named.timeseries.length, sum(named.models, 'cost_usd')]).toEqual([2, 2]);
  });
});

describe('cost-report and rollup', () => {
  it('name the five most expensive sessions, and the hours by the clock on the wall', async () => {
    // six sessions of $1 to $6, an hour apart, on a Saturday and, in Berlin, the first hour of Sunday
    const home = homeOf(
      [1, 2, 3, 4, 5, 6].map((amount) => ({
        at: `2027-01-02T${17 + amount}:30:00Z`,
        session: `s${amount}`,
        usage: dollars(amount),
      })),
    );
    const surroundings = { home, env: at('2027-01-03T12:00:00Z') };
    const { top_sessions } = await ask(['cost-report'], surroundings);
    expect(top_sessions.map((row: Record<string, unknown>) => [row.session_id, row.cost_usd])).toEqual([
      ['s6', 6],
      ['s5', 5],
      ['s4', 4],
      ['s3', 3],
      ['s2', 2],
    ]);
    const { hours } = await ask(['rollup', '-z', 'Europe/Berlin'], surroundings);
    expect(hours.slice(3)).toEqual([
      { day: '2027-01-02', weekday: 6, hour: 22, project: 'app', responses: 1, cost: 4 },
      { day: '2027-01-02', weekday: 6, hour: 23, project: 'app', responses: 1, cost: 5 },
      { day: '2027-01-03', weekday: 7, hour: 0, project: 'app', responses: 1, cost: 6 },
    ]);
  });
});

describe('focus', () => {
  it('has a row for each kind of token and day, and one for what is not split', async () => {
    const line = (id: string, at: string, usage: Usage, model = 'claude-opus-4-6'): object =>
      claudeLine({ requestId: id, timestamp: at, cwd: '/src/app', message: { id, model }, usage });
    const home = homeWith({
      '.config/clawtrace/config.toml': 'machine = "lab"\n',
      [claudePath('s1')]: [
        // 200,000 * 30 / M = 6 and 3 * 10 / 1000 = 0.03; the two responses of the day are one row
        line('a', '2026-12-31T22:00:00Z', { input: 150_000, speed: 'fast' }),
        line('b', '2026-12-31T23:59:59Z', {
          input: 50_000,
          speed: 'fast',
          server_tool_use: { web_search_requests: 3 },
        }),
        line('c', '2027-01-01T00:00:00Z', { write1h: 100_000 }), // 100,000 * 10 / M = 1
        line('d', '2027-01-01T01:00:00Z', { input: 7, output: 8 }, 'northwind-1'),
      ],
    });
    // days are those of UTC, whatever the zone
    const answer = await ask(['focus', '-z', 'Asia/Tokyo'], { home, env: at('2027-01-02T00:00:00Z') });
    const shown = answer.rows.map((row) => [
      row.ChargePeriodStart.slice(0, 10),
      row.ChargePeriodEnd.slice(0, 10),
      row.SkuPriceId ?? row.SkuId,
      row.ConsumedQuantity,
      row.ConsumedUnit,
      row.PricingQuantity,
      row.PricingUnit,
      row.ListUnitPrice,
      row.ListCost,
      row.x_CostBasis,
    ]);
    const [opus, tokens] = ['anthropic/claude-opus-4-6', '1000000 Tokens'];
    expect(shown).toEqual([
      ['2026-12-31', '2027-01-01', `${opus}/input/base/x6`, 200_000, 'Tokens', 0.2, tokens, 30, 6, 'list'],
      [
        '2026-12-31',
        '2027-01-01',
        `${opus}/web_search/base/x6`,
        3,
        'Searches',
        0.003,
        '1000 Searches',
        10,
        0.03,
        'list',
      ],
      ['2027-01-01', '2027-01-02', `${opus}/cache_write_1h/base`, 100_000, 'Tokens', 0.1, tokens, 10, 1, 'list'],
      ['2027-01-01', '2027-01-02', 'unknown/northwind-1/response', 15, 'Tokens', null, null, null, null, null],
    ]);
    expect(answer.rows[0]).toMatchObject({
      BilledCost: 0,
      BillingAccountId: 'lab',
      BillingAccountName: 'lab',
      BillingCurrency: 'USD',
      BillingPeriodStart: '2026-12-01T00:00:00Z',
      BillingPeriodEnd: '2027-01-01T00:00:00Z',
      ChargeDescription: 'claude-opus-4-6 input',
      ContractedCost: 6,
      ContractedUnitPrice: 30,
      EffectiveCost: 6,
      HostProviderName: 'anthropic',
      ProviderName: 'anthropic',
      ServiceName: 'anthropic API',
      SkuId: `${opus}/input`,
      SkuMeter: 'input',
      SubAccountId: '/src/app',
      SubAccountName: 'app',
      SubAccountType: 'Project',
      Tags: '{"source":"claude_code","agent":"main"}',
    });
  });
});

describe('summary', () => {
  it('means 30 and 7 days, today being one of them', async () => {
    // 31 May less 29 days is 2 May, less 6 is 25 May
    const home = homeOf([
      { at: '2026-05-01T12:00:00Z' },
      { at: '2026-05-02T00:00:00Z' },
      { at: '2026-05-24T23:59:59Z' },
      { at: '2026-05-25T00:00:00Z' },
      { at: '2026-05-31T01:00:00Z', session: 's2', usage: { input: 100_000, output: 20_000, read: 50_000 } },
    ]);
    const answer = await ask(['summary'], { home, env: at('2026-05-31T12:00:00Z') });
    // the last: 100000*5 + 20000*25 + 50000*0.5 = 1025000 / M
    expect(answer.rows).toMatchObject([
      { period: 'all time', since: '2026-05-01', until: '2026-05-31', responses: 5, sessions: 2, cost: 5.025 },
      { period: 'last 30 days', since: '2026-05-02', responses: 4, cost: 4.025 },
      { period: 'last 7 days', since: '2026-05-25', responses: 2, cost: 2.025 },
      { period: 'today', since: '2026-05-31', responses: 1, sessions: 1, total_tokens: 170_000, cost: 1.025 },
    ]);
    expect(answer).toMatchObject({
      total_tokens_all_time: 970_000, // 4 * 200000 + 170000
      total_tokens_last_30d: 770_000,
      total_tokens_last_7d: 370_000,
      estimated_cost_last_30d: 4.025,
      active_providers: 1,
      total_requests_all_time: 5,
      total_real_tokens: 920_000, // without the 50000 read from the cache
      total_cache_tokens: 50_000,
      total_requests: 5,
      estimated_cost_usd: 5.025,
      by_period: {
        today: { real_tokens: 120_000, requests: 1 },
        last_7d: { real_tokens: 320_000, requests: 2 },
        last_30d: { real_tokens: 720_000, requests: 4 },
      },
    });
  });
});

describe('costs', () => {
  // 10 April, 08:00 in New York, which is four hours behind UTC
  const surroundings = () => ({
    home: homeOf([
      { at: '2026-03-01T04:59:59Z', usage: dollars(0.5) }, // still February
      { at: '2026-04-01T03:59:59Z', usage: dollars(3) }, // still March
      { at: '2026-04-01T04:00:00Z' },
      { at: '2026-04-09T12:00:00Z', model: 'claude-sonnet-4-6', usage: { output: 200_000 } }, // 3 USD
      { at: '2026-04-10T11:30:00Z', usage: { input: 100_000, output: 20_000 } }, // 0.5 + 0.5
    ]),
    env: at('2026-04-10T12:00:00Z'),
  });
  const args = ['costs', '--timezone', 'America/New_York'];

  it('counts days and months in the zone, and projects the month', async () => {
    const answer = await ask([...args, '--timeframe', '10d'], surroundings());
    expect(answer).toMatchObject({
      today: 1,
      yesterday: 3,
      thisMonth: 5,
      lastMonth: 3,
      projected: 15, // 5 / 10 days * 30
      budget: null,
    });
    expect(answer.byAgent).toEqual([
      { agent: 'main', cost: 5, tokens: 520_000, inputTokens: 300_000, outputTokens: 220_000, percentOfTotal: 100 },
    ]);
    expect(answer.byModel).toMatchObject([
      { model: 'claude-sonnet-4-6', cost: 3, percentOfTotal: 60 },
      { model: 'claude-opus-4-6', cost: 2, inputTokens: 300_000, outputTokens: 20_000, percentOfTotal: 40 },
    ]);
  });

  it('fills the days of the timeframe and the last 24 hours', async () => {
    const { daily, hourly } = await ask([...args, '--timeframe', '10d'], surroundings());
    expect(daily).toHaveLength(10);
    expect(daily[0]).toEqual({ date: '04-01', day: '2026-04-01', cost: 1, input: 200_000, output: 0 });
    expect(daily[1]).toEqual({ date: '04-02', day: '2026-04-02', cost: 0, input: 0, output: 0 });
    expect(daily[9]).toMatchObject({ date: '04-10', cost: 1, input: 100_000, output: 20_000 });
    expect(sum(daily, 'cost')).toBe(5);
    expect(hourly).toHaveLength(24);
    expect(hourly[0]).toEqual({ hour: '09:00', started_at: '2026-04-09 09:00-04', cost: 0 });
    expect(hourly[22]).toEqual({ hour: '07:00', started_at: '2026-04-10 07:00-04', cost: 1 });
    expect(hourly[23]).toMatchObject({ hour: '08:00', cost: 0 });
  });
});

describe('the days of a clock change', () => {
  const zone = ['--timezone', 'America/New_York'];
  const env = at('2026-12-01T12:00:00Z');
  const day = (date: string) => ['--since', date, '--until', date, ...zone];

  it('8 March 2026 has 23 hours, and no second one', async () => {
    const home = homeOf([
      { at: '2026-03-08T04:59:59Z' }, // 23:59:59 of 7 March
      { at: '2026-03-08T05:00:00Z' }, // 00:00 of 8 March
      { at: '2026-03-08T06:59:59Z' }, // 01:59:59, a second before
      { at: '2026-03-08T07:00:00Z' }, // 03:00
      { at: '2026-03-09T03:59:59Z' }, // 23:59:59
      { at: '2026-03-09T04:00:00Z' }, // 9 March
    ]);
    const { rows } = await ask(['timeline', '--by', 'hour', ...day('2026-03-08')], { home, env });
    expect(rows).toHaveLength(23);
    expect(rows.filter(({ responses }) => responses > 0).map(({ period }) => period)).toEqual([
      '2026-03-08 00:00-05',
      '2026-03-08 01:00-05',
      '2026-03-08 03:00-04',
      '2026-03-08 23:00-04',
    ]);
    expect(rows.map(({ period }) => period)).not.toContainEqual(expect.stringContaining(' 02:00'));
    const days = await ask(['daily', ...zone], { home, env });
    expect(days.rows.map(({ day, responses }) => [day, responses])).toEqual([
      ['2026-03-07', 1],
      ['2026-03-08', 4],
      ['2026-03-09', 1],
    ]);
  });

  it('1 November 2026 has 25, two of them the first', async () => {
    const home = homeOf([
      { at: '2026-11-01T03:59:59Z' }, // 31 October
      { at: '2026-11-01T04:00:00Z' }, // 00:00 of 1 November
      { at: '2026-11-01T05:30:00Z' }, // 01:30, summer time
      { at: '2026-11-01T06:30:00Z', usage: dollars(0.5) }, // 01:30 again
      { at: '2026-11-02T04:59:59Z' }, // 23:59:59
      { at: '2026-11-02T05:00:00Z' }, // 2 November
    ]);
    const { rows } = await ask(['timeline', '--by', 'hour', ...day('2026-11-01')], { home, env });
    expect(rows).toHaveLength(25);
    expect(rows.slice(0, 4).map(({ period, tokens }) => [period, tokens])).toEqual([
      ['2026-11-01 00:00-04', 200_000],
      ['2026-11-01 01:00-04', 200_000],
      ['2026-11-01 01:00-05', 100_000],
      ['2026-11-01 02:00-05', 0],
    ]);
    const days = await ask(['daily', ...zone], { home, env });
    expect(days.rows.map(({ day, responses }) => [day, responses])).toEqual([
      ['2026-10-31', 1],
      ['2026-11-01', 4],
      ['2026-11-02', 1],
    ]);
    const hours = await ask(['hourly', ...day('2026-11-01')], { home, env });
    expect(hours.rows.map(({ hour }) => hour)).toEqual(
      rows.filter(({ responses }) => responses > 0).map(({ period }) => period),
    );
  });

  it('the hours of one name come in their order, east of Greenwich too', async () => {
    // Berlin, 25 October: 02:00 +02, then 02:00 +01
    const home = homeOf([{ at: '2026-10-25T00:30:00Z', usage: dollars(2) }, { at: '2026-10-25T01:30:00Z' }]);
    const berlin = ['--timezone', 'Europe/Berlin'];
    const hours = ['2026-10-25 02:00+02', '2026-10-25 02:00+01'];
    const hourly = await ask(['hourly', ...berlin], { home });
    expect(hourly.rows.map(({ hour }) => hour)).toEqual(hours);
    const by = await ask(['by', 'hour', ...berlin], { home });
    expect(by.rows.map(({ value }) => value)).toEqual(hours);
    const timeline = await ask(['timeline', '--by', 'hour', ...berlin], { home, env: at('2026-10-25T01:45:00Z') });
    expect(timeline.rows.map(({ period }) => period)).toEqual(hours);
  });

  it('hours are whole in a zone with half an hour', async () => {
    const home = homeOf([{ at: '2026-05-01T18:29:59Z' }, { at: '2026-05-01T18:30:00Z' }]);
    const { rows } = await ask(
      ['timeline', '--by', 'hour', '--since', '2026-05-01', '--until', '2026-05-02', '--timezone', 'Asia/Kolkata'],
      { home, env },
    );
    expect(rows).toHaveLength(48);
    expect(rows.filter(({ responses }) => responses > 0).map(({ period }) => period)).toEqual([
      '2026-05-01 23:00+05:30',
      '2026-05-02 00:00+05:30',
    ]);
  });
});

describe('timeline', () => {
  // a Thursday at the end of April, a Saturday, the Sunday after it, and a Wednesday two weeks later
  const home = () =>
    homeOf([
      { at: '2026-04-30T23:59:59Z' },
      { at: '2026-05-02T12:00:00Z' },
      { at: '2026-05-03T12:00:00Z', model: 'claude-sonnet-4-6', usage: { output: 200_000 } },
      { at: '2026-05-20T12:00:00Z' },
    ]);
  const env = at('2026-05-21T12:00:00Z');

  it('fills weeks, which start on the day that was asked for', async () => {
    const surroundings = { home: home(), env };
    const monday = await ask(['timeline', '--by', 'week'], surroundings);
    expect(monday.rows.map(({ period, cost }) => [period, cost])).toEqual([
      ['2026-04-27', 5], // 1 + 1 + 3
      ['2026-05-04', 0],
      ['2026-05-11', 0],
      ['2026-05-18', 1],
    ]);
    const sunday = await ask(['timeline', '--by', 'week', '--week-start', 'sunday'], surroundings);
    expect(sunday.rows.map(({ period, cost }) => [period, cost])).toEqual([
      ['2026-04-26', 2],
      ['2026-05-03', 3],
      ['2026-05-10', 0],
      ['2026-05-17', 1],
    ]);
    const weekly = await ask(['weekly', '--week-start', 'sunday'], surroundings);
    expect(weekly.rows.map(({ week }) => week)).toEqual(['2026-04-26', '2026-05-03', '2026-05-17']);
    const status = await ask(['status', '--week-start', 'sunday'], surroundings);
    expect(status.rows[2]).toMatchObject({ period: 'this week', since: '2026-05-17', cost: 1 });
  });

  it('ends months with their last second, and the last period is now', async () => {
    const surroundings = { home: home(), env: at('2026-07-01T00:00:00Z') };
    const { rows } = await ask(['timeline', '--by', 'month'], surroundings);
    expect(rows.map(({ period, responses, cost }) => [period, responses, cost])).toEqual([
      ['2026-04', 1, 1],
      ['2026-05', 3, 5],
      ['2026-06', 0, 0],
      ['2026-07', 0, 0],
    ]);
    const moved = await ask(['timeline', '--by', 'month', '--timezone', 'Asia/Tokyo'], surroundings);
    expect(moved.rows[0]).toMatchObject({ period: '2026-05', responses: 4, cost: 6 });
  });

  it('gives every split all periods', async () => {
    const { rows } = await ask(['timeline', '--by', 'week', '--split', 'model'], { home: home(), env });
    expect(rows.map(({ period, split, cost }) => [period, split, cost])).toEqual([
      ['2026-04-27', 'claude-opus-4-6', 2],
      ['2026-04-27', 'claude-sonnet-4-6', 3],
      ['2026-05-04', 'claude-opus-4-6', 0],
      ['2026-05-04', 'claude-sonnet-4-6', 0],
      ['2026-05-11', 'claude-opus-4-6', 0],
      ['2026-05-11', 'claude-sonnet-4-6', 0],
      ['2026-05-18', 'claude-opus-4-6', 1],
      ['2026-05-18', 'claude-sonnet-4-6', 0],
    ]);
  });

  it('splits by kind of token, and a cost known only as a sum stays one', async () => {
    const usage = { input: 10, output: 10, cost: { total: 0.25 } };
    const message = { role: 'assistant', provider: 'acme', model: 'northwind-1', usage };
    const logs = homeWith({
      '.openclaw/agents/main/sessions/s.jsonl': [
        { type: 'message', id: 'a', timestamp: '2026-05-20T10:00:00.000Z', message },
      ],
      [claudePath('s1')]: [
        claudeLine({
          timestamp: '2026-05-20T11:00:00Z',
          usage: { input: 1000, output: 1000, read: 1000, write5m: 1000, write1h: 1000 },
        }),
        claudeLine({
          timestamp: '2026-05-20T12:00:00Z',
          requestId: 'r2',
          message: { id: 'm2', model: 'northwind-2' },
          usage: { output: 1, server_tool_use: { web_search_requests: 2 } },
        }),
        claudeLine({
          timestamp: '2026-05-20T13:00:00Z',
          requestId: 'r3',
          message: { id: 'm3' },
          usage: { server_tool_use: { web_search_requests: 10 } },
        }),
      ],
    });
    const { rows, totals } = await ask(['timeline', '--split', 'token-kind'], { home: logs, env });
    const found = rows.filter(({ period }) => period === '2026-05-20');
    // the first response and the third have counts without a price: they add tokens, but no cost
    const counted = found.map(({ split, responses, tokens, cost, unpriced_responses }) => [
      split,
      [responses, tokens, cost, unpriced_responses],
    ]);
    expect(Object.fromEntries(counted)).toEqual({
      'not split': [1, 0, 0.25, 0],
      web_search: [2, 0, 0.1, 1],
      output: [3, 1011, 0.025, 1],
      cache_write_1h: [1, 1000, 0.01, 0],
      cache_write_5m: [1, 1000, 0.00625, 0],
      input: [2, 1010, 0.005, 0],
      cache_read: [1, 1000, 0.0005, 0],
    });
    expect(totals).toEqual({ tokens: 5021, cost: 0.39675 });
  });

  it('adds up to the same as daily, however it is split', async () => {
    const { totals } = await ask(['daily', '--demo']);
    for (const split of ['model', 'project', 'source', 'agent', 'provider', 'token-kind']) {
      const timeline = await ask(['timeline', '--demo', '--by', 'week', '--split', split]);
      expect(timeline.totals, split).toEqual({ tokens: totals.total_tokens, cost: totals.cost });
    }
  });
});

describe('by', () => {
  it('adds up to the same as daily for every dimension', async () => {
    const { totals } = await ask(['daily', '--demo']);
    const pairs = ['model session', 'provider machine', 'project branch', 'agent source', 'hour speed', 'day', 'week'];
    for (const dimensions of [...pairs, 'month service-tier', 'weekday model']) {
      const answer = await ask(['by', ...dimensions.split(' '), '--demo']);
      expect(answer.totals, dimensions).toEqual(totals);
    }
  });

  it('keeps times in order, and all else by cost', async () => {
    const home = homeOf([
      { at: '2026-05-04T12:00:00Z' }, // a Monday
      { at: '2026-05-05T12:00:00Z', model: 'claude-sonnet-4-6', usage: { output: 200_000 } },
      { at: '2026-05-10T12:00:00Z', usage: dollars(2) }, // a Sunday
      { at: '2026-05-11T12:00:00Z', model: 'claude-sonnet-4-6', usage: { output: 400_000 } }, // 6 USD
    ]);
    const read = async (...args: string[]) =>
      (await ask(['by', ...args], { home })).rows.map(({ value, second_value, cost }) => [value, second_value, cost]);
    expect(await read('weekday', 'model')).toEqual([
      ['Monday', 'claude-sonnet-4-6', 6],
      ['Monday', 'claude-opus-4-6', 1],
      ['Tuesday', 'claude-sonnet-4-6', 3],
      ['Sunday', 'claude-opus-4-6', 2],
    ]);
    expect((await read('weekday', '--week-start', 'sunday'))[0]).toEqual(['Sunday', null, 2]);
    expect(await read('model')).toEqual([
      ['claude-sonnet-4-6', null, 9],
      ['claude-opus-4-6', null, 3],
    ]);
  });
});

describe('the costliest and the latest', () => {
  const home = () =>
    homeOf([
      { at: '2026-05-01T10:00:00Z', session: 'old', usage: dollars(5) },
      { at: '2026-05-02T10:00:00Z', session: 'dear', cwd: '/src/web', usage: dollars(10) },
      { at: '2026-05-04T10:00:00Z', session: 'late', usage: dollars(1) },
      { at: '2026-05-03T10:00:00Z', session: 'later', model: 'northwind-1', usage: dollars(1) },
    ]);

  it('sessions --top and --recent', async () => {
    const surroundings = { home: home() };
    const ids = async (...args: string[]) =>
      (await ask(['sessions', ...args], surroundings)).rows.map(({ session_id }) => session_id);
    expect(await ids('--top', '2')).toEqual(['dear', 'old']);
    expect(await ids('--recent', '3')).toEqual(['late', 'later', 'dear']);
    expect(await ids('--recent', '3', '--top', '1')).toEqual(['dear']);
    const [first] = (await ask(['sessions', '--recent', '1'], surroundings)).rows;
    expect(first).toMatchObject({ ended_at: '2026-05-04T10:00:00.000Z', responses: 1, cost: 1 });
  });

  it('subagents stand below their session', async () => {
    const { rows } = await ask(['sessions', '--demo', '--top', '3', '--breakdown=agent']);
    expect(rows).toHaveLength(3);
    expect(rows[0]!.breakdown.map(({ agent }: { agent: string }) => agent)).toContain('main');
    expect(sum(rows[0]!.breakdown, 'responses')).toBe(rows[0]!.responses);
  });

  it('top has as many of each as asked for, and the totals of all', async () => {
    const answer = await ask(['top', '--count', '1'], { home: home() });
    expect(answer.rows).toMatchObject([
      { dimension: 'agent', rank: 1, name: 'main', cost: 16, percent_of_total: 100, unpriced_responses: 1 },
      { dimension: 'model', rank: 1, name: 'claude-opus-4-6', cost: 16, responses: 3 },
      { dimension: 'project', rank: 1, name: 'web', cost: 10, percent_of_total: 62.5 },
      { dimension: 'session', rank: 1, name: 'dear', cost: 10 },
      { dimension: 'day', rank: 1, name: '2026-05-02', cost: 10 },
    ]);
    expect(answer.summary).toMatchObject({
      total_calls: 4,
      total_input_tokens: 3_400_000, // 17 dollars' worth, one of them of a model without a price
      total_output_tokens: 0,
      total_cache_read_tokens: 0,
      total_cost_usd: 16,
      avg_cost_per_call: 5.333333, // 16 / 3 priced calls
    });
    expect(answer.byModel).toEqual([
      {
        model: 'claude-opus-4-6',
        call_count: 3,
        total_input_tokens: 3_200_000,
        total_output_tokens: 0,
        total_cost_usd: 16,
      },
      {
        model: 'northwind-1',
        call_count: 1,
        total_input_tokens: 200_000,
        total_output_tokens: 0,
        total_cost_usd: null,
      },
    ]);
    expect(answer.topModels).toEqual([answer.byModel[0]]);
    expect(answer.byProvider).toMatchObject([
      { provider: 'anthropic', call_count: 3, total_input_tokens: 3_200_000, total_cost_usd: 16 },
      { provider: null, call_count: 1, total_input_tokens: 200_000, total_cost_usd: null },
    ]);
    expect(answer.topAgents).toMatchObject([{ agent: 'main', call_count: 4, total_cost_usd: 16 }]);
  });
});
