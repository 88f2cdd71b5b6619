import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith, spawnClawtrace, writeFile, type Run } from './helpers.ts';

let id = 0;
/** A response of claude-opus-4-6, whose output costs $25 a million tokens. */
const response = (at: string, dollars: number, session = 's1', more: object = {}): object =>
  claudeLine({
    timestamp: at,
    sessionId: session,
    requestId: `req_${++id}`,
    uuid: `u${id}`,
    message: { id: `msg_${id}`, ...more },
    usage: { output: Math.round(dollars * 40_000) },
  });

const homeOf = (responses: readonly object[]): string => homeWith({ [claudePath('all')]: responses });

const alertsAt = async (now: string, responses: readonly object[], ...args: string[]) =>
  (await ask(['alerts', ...args], { home: homeOf(responses), env: { CLAWTRACE_NOW: now } })).rows;

const typeAndValue = (rows: Record<string, any>[]): unknown[] =>
  rows.map(({ alert_type, value }) => [alert_type, value]).sort();

describe('the last hour', () => {
  const zone = ['-z', 'Europe/Berlin'];
  // 00:30 in Berlin, summer time: the hour begins at 23:30 of the day before
  const halfPastMidnight = '2026-04-01T22:30:00.000Z';

  it('at 00:30 reaches back over midnight, without its first moment and with its last', async () => {
    const rows = await alertsAt(
      halfPastMidnight,
      [
        response('2026-04-01T21:30:00.000Z', 100), // 23:30 exactly: an hour ago, no longer in it
        response('2026-04-01T21:30:00.001Z', 2, 's1'), // 23:30, in
        response('2026-04-01T22:00:00.000Z', 1, 's2'), // midnight, in
        response('2026-04-01T22:30:00.000Z', 0.5, 's3'), // now, in
      ],
      ...zone,
    );
    // 2 + 1 + 0.50 in the hour; of the new day 1 + 0.50, below 10
    expect(rows).toEqual([
      {
        severity: 'warning',
        message: 'Last hour spend $3.50 exceeds $3.00/hr limit (1.2x)',
        key: 'hourly_burn_rate:2026-04-02',
        alert_type: 'hourly_burn_rate',
        session_id: null,
        value: 3.5,
        threshold: 3,
        ratio: 1.17,
        acknowledged: false,
        is_new: true,
      },
    ]);
  });

  it('the daily budget begins at local midnight, the hour does not', async () => {
    const responses = [
      response('2026-04-01T18:29:59.999Z', 50), // 23:59:59.999 in Kolkata, half an hour off the full hours
      response('2026-04-01T18:30:00.000Z', 12), // its midnight
      response('2026-04-01T18:40:00.000Z', 4),
    ];
    const rows = await alertsAt('2026-04-01T19:35:00Z', responses, '-z', 'Asia/Kolkata');
    // 01:05 in Kolkata. Today 12 + 4 = 16, 1.6 of 10: critical; the hour from 00:05 on: 4, 1.33 of 3
    expect(typeAndValue(rows)).toEqual([
      ['daily_budget', 16],
      ['hourly_burn_rate', 4],
    ]);
    expect(rows[0]).toMatchObject({ severity: 'critical', message: 'Daily spend $16.00 exceeds $10.00 budget (1.6x)' });
    // at 00:10 in Kolkata the hour is 17:40 to 18:40 UTC: 50 + 12 + 4, which is 66 times 40,000 tokens
    const before = await alertsAt('2026-04-01T18:40:00Z', responses, '-z', 'Asia/Kolkata');
    expect(typeAndValue(before)).toEqual([
      ['daily_budget', 16],
      ['hourly_burn_rate', 66],
      ['hourly_token_volume', 2_640_000],
      ['session_spike', 66],
    ]);
    // for UTC it is all one day: 50 + 12 + 4
    expect(typeAndValue(await alertsAt('2026-04-01T19:35:00Z', responses, '-z', 'UTC'))).toEqual([
      ['daily_budget', 66],
      ['hourly_burn_rate', 4],
    ]);
  });

  it('is empty when nothing happened in it, whatever the day was like', async () => {
    const rows = await alertsAt('2026-04-01T12:00:00Z', [
      response('2026-04-01T00:30:00Z', 9),
      response('2026-04-01T10:59:00Z', 1),
    ]);
    expect(rows).toEqual([]);
  });
});

describe('the rules', () => {
  const now = '2026-04-01T12:00:00Z';

  it('are broken above their limit, not at it', async () => {
    expect(await alertsAt(now, [response('2026-04-01T11:30:00Z', 3)])).toEqual([]);
    const above = await alertsAt(now, [response('2026-04-01T11:30:00Z', 3.000025)]);
    expect(typeAndValue(above)).toEqual([['hourly_burn_rate', 3.000025]]);
  });

  it('are critical from their ratio on', async () => {
    const severity = async (dollars: number, ...args: string[]) =>
      (await alertsAt(now, [response('2026-04-01T11:30:00Z', dollars)], ...args)).map((row) => [
        row.alert_type,
        row.severity,
      ]);
    // day: 15 of 10 is 1.5; hour: 15 of 3 is 5; session: 15 of 5 is 3
    expect(await severity(15)).toEqual([
      ['hourly_burn_rate', 'critical'],
      ['session_spike', 'critical'],
      ['daily_budget', 'critical'],
    ]);
    expect(await severity(14.9, '--hourly-burn-rate-usd', '7.5', '--session-spike-usd', '7.45')).toEqual([
      ['session_spike', 'critical'],
      ['hourly_burn_rate', 'warning'],
      ['daily_budget', 'warning'],
    ]);
  });

  it('requests and tokens are counted over all sessions', async () => {
    const many = Array.from({ length: 201 }, (_, index) => response('2026-04-01T11:30:00Z', 0.01, `s${index}`));
    // 201 times 400 tokens
    const rows = await alertsAt(now, many, '--hourly-token-volume', '80000');
    expect(typeAndValue(rows)).toEqual([
      ['hourly_request_volume', 201],
      ['hourly_token_volume', 80400],
    ]);
    expect(rows.map((row) => row.message)).toEqual([
      'Last hour: 201 requests exceeds 200 limit',
      'Last hour: 80,400 tokens exceeds 80,000 limit',
    ]);
    // 1.005, rounded half up
    expect(rows.map((row) => row.ratio)).toEqual([1.01, 1.01]);
  });

  it('a session that runs is measured from its start, one that ended is not', async () => {
    const session = (name: string, from: string, to: string): object[] => [
      response(from, 0, name),
      response(to, 0, name),
    ];
    const rows = await alertsAt(now, [
      ...session('long-running', '2026-04-01T08:20:00Z', '2026-04-01T11:50:00Z'), // 210 minutes
      ...session('at-the-limit', '2026-04-01T08:30:00Z', '2026-04-01T11:30:00Z'), // 180
      ...session('over-midnight', '2026-03-31T23:30:00Z', '2026-04-01T11:30:00Z'), // 720
      ...session('ended', '2026-04-01T01:00:00Z', '2026-04-01T10:00:00Z'),
    ]);
    expect(rows.map(({ session_id, value, severity, ratio }) => [session_id, value, severity, ratio])).toEqual([
      ['over-midnight', 720, 'critical', 4],
      ['long-running', 210, 'warning', 1.17],
    ]);
  });

  it('the monthly budget and unknown prices', async () => {
    const home = homeWith({
      '.config/clawtrace/config.toml': '[budget]\nmonthly = 100\n',
      [claudePath('all')]: [
        response('2026-04-02T11:30:00Z', 81),
        response('2026-03-31T11:30:00Z', 500),
        response('2026-04-20T08:00:00Z', 9, 's2', { model: 'nobody-1' }),
      ],
    });
    const { rows } = await ask(['alerts'], { home, env: { CLAWTRACE_NOW: '2026-04-20T12:00:00Z' } });
    expect(rows.map((row) => row.message)).toEqual([
      'Monthly spend is 81.0% of the $100.00 budget (limit 80%)',
      'Today: 1 response without a known price, not in any sum',
    ]);
    expect(rows.map((row) => [row.ratio, row.severity])).toEqual([
      [1.01, 'warning'],
      [null, 'warning'],
    ]);
    // 81 is 1.25 of 64.8
    const severity = async (limit: string): Promise<string> =>
      (await ask(['alerts', '--monthly-budget-pct', limit], { home, env: { CLAWTRACE_NOW: '2026-04-20T12:00:00Z' } }))
        .rows[0]!.severity as string;
    expect([await severity('64.8'), await severity('64.801')]).toEqual(['critical', 'warning']);
  });

  it('limits come from the config file, which can turn a rule off; options beat it', async () => {
    const home = homeOf([response('2026-04-01T11:30:00Z', 6)]);
    writeFile(
      join(home, '.config/clawtrace/config.toml'),
      '[alerts]\ndaily_budget_usd = 5\nhourly_burn_rate_usd = false\nsession_spike_usd = 6\n',
    );
    const there = { home, env: { CLAWTRACE_NOW: now } };
    expect((await ask(['alerts'], there)).rows).toMatchObject([{ alert_type: 'daily_budget', threshold: 5 }]);
    expect((await ask(['alerts', '--daily-budget-usd', '6'], there)).rows).toEqual([]);
    expect((await clawtrace(['config'], there)).stdout).toContain('hourly_burn_rate_usd = false');
  });

  it('a limit of 0 is broken by anything, and says so in words', async () => {
    const zero = ['daily-budget-usd', 'hourly-burn-rate-usd', 'session-spike-usd', 'hourly-token-volume'];
    const rows = await alertsAt(
      now,
      [response('2026-04-01T11:30:00Z', 0.5)],
      ...zero.flatMap((name) => [`--${name}`, '0']),
    );
    expect(rows.map((row) => row.message)).toEqual([
      'Daily spend $0.50 exceeds $0.00 budget',
      'Last hour spend $0.50 exceeds $0.00/hr limit',
      'Last hour: 20,000 tokens exceeds 0 limit',
      'Session s1... cost $0.50 in last hour (threshold $0.00)',
    ]);
  });

  it('the budgets of the day, of a project and of an agent are limits, too', async () => {
    const home = homeOf([response('2026-04-01T11:30:00Z', 2.5)]);
    const there = { home, env: { CLAWTRACE_NOW: now } };
    const toml = '[budget]\ndaily = 1\n[budget.projects]\napp = 3\nweb = 1\n[budget.agents]\nmain = 2\n';
    writeFile(join(home, '.config/clawtrace/config.toml'), toml);
    const told = async () => (await ask(['alerts'], there)).rows.map(({ key, message }) => [key, message]);
    expect(await told()).toEqual([
      ['daily_budget:2026-04-01', 'Daily spend $2.50 exceeds $1.00 budget (2.5x)'],
      ['monthly_budget:2026-04-01:agent main', 'Monthly spend of agent main is 125.0% of the $2.00 budget (limit 80%)'],
      [
        'monthly_budget:2026-04-01:project app',
        'Monthly spend of project app is 83.3% of the $3.00 budget (limit 80%)',
      ],
    ]);
    // a limit of [alerts] beats the budget
    writeFile(join(home, '.config/clawtrace/config.toml'), `${toml}[alerts]\ndaily_budget_usd = 5\n`);
    expect((await told()).map(([key]) => key)).not.toContain('daily_budget:2026-04-01');
  });

  it.each([
    ['[alerts]\ndaily_budget = 5', "unknown key 'alerts.daily_budget'"],
    ['[alerts]\ndaily_budget_usd = "5"', "'alerts.daily_budget_usd' must be a number, or false to turn the rule off."],
    ['[budget]\nmonthly = 0', "'budget.monthly' must be a number above 0."],
    ['[budget.projects]\napp = "x"', "'budget.projects' must be a table of names and numbers above 0."],
    ['budget = 3', "'budget' must be a table: [budget]."],
    ['[plan]\nsince = "2026-02-30"', '\'plan.since\' must be a day such as "2026-01-15".'],
  ])('a config that says %j is refused', async (text, message) => {
    const { code, stderr } = await clawtrace(['alerts'], { home: homeWith({ '.config/clawtrace/config.toml': text }) });
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('what was done about an alert', () => {
  const at = (time: string) => ({ CLAWTRACE_NOW: `2026-04-01T${time}:00Z` });
  const spent = [response('2026-04-01T11:30:00Z', 12, 'night-shift')];
  const keys = async (home: string, time: string, ...args: string[]): Promise<string[]> =>
    (await ask(['alerts', ...args], { home, env: at(time) })).rows.map((row) => row.key as string);
  const all = ['hourly_burn_rate:2026-04-01', 'session_spike:2026-04-01:night-shift', 'daily_budget:2026-04-01'];

  it('acknowledged ones are left out for the day, and kept in a file of the owner', async () => {
    const home = homeOf(spent);
    expect(await keys(home, '12:00')).toEqual(all);
    const run = await clawtrace(['alerts', 'ack', 'daily_budget', all[1]!], { home, env: at('12:00') });
    expect([run.code, run.stdout]).toEqual([0, '']);
    expect(await keys(home, '12:05')).toEqual([all[0]]);
    expect(await keys(home, '12:05', '--all')).toEqual(all);
    const file = join(home, '.local/share/clawtrace/alerts.jsonl');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!)).toEqual({
      event: 'ack',
      key: 'daily_budget:2026-04-01',
      severity: 'warning',
      happened_at: '2026-04-01T12:00:00.000Z',
    });
    await clawtrace(['alerts', 'ack', '--all'], { home, env: at('12:10') });
    expect(await keys(home, '12:10')).toEqual([]);
    expect((await clawtrace(['alerts', '--exit-code'], { home, env: at('12:10') })).code).toBe(0);
    // the file may be torn: what can be read of it holds
    writeFile(file, `${readFileSync(file, 'utf8')}{"event":"ack","key`);
    expect(await keys(home, '12:10')).toEqual([]);
  });

  it('an acknowledged warning is back when it is critical', async () => {
    const home = homeOf(spent);
    await clawtrace(['alerts', 'ack', '--all'], { home, env: at('12:00') });
    writeFile(join(home, claudePath('more')), [response('2026-04-01T12:00:00Z', 3, 'later')]);
    // today 15 of 10 is 1.5; the other two were critical already
    expect(await keys(home, '12:01')).toEqual(['daily_budget:2026-04-01']);
  });

  it('the sample logs leave no trace among your own', async () => {
    const home = homeOf([]);
    const run = await clawtrace(['alerts', 'ack', '--all', '--demo'], { home });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('the sample logs have no alerts of yours')]);
    await clawtrace(['alerts', '--demo', '--exec', process.execPath, '--daily-budget-usd', '1'], { home });
    expect(existsSync(join(home, '.local/share/clawtrace/alerts.jsonl'))).toBe(false);
  });

  it('wrong keys are refused, and nothing is written', async () => {
    const home = homeOf(spent);
    const said = async (...args: string[]): Promise<string> =>
      (await clawtrace(['alerts', 'ack', ...args], { home, env: at('12:00') })).stderr;
    expect(await said('nope')).toContain("there is no open alert 'nope'");
    expect(await said('2026-04-01')).toContain("'2026-04-01' matches 3 keys");
    expect(await said()).toContain('Name alerts by KEY, or all of them with --all.');
    expect(await said('daily', 'nope')).toContain("there is no open alert 'nope'");
    expect(existsSync(join(home, '.local'))).toBe(false);
  });

  describe.skipIf(process.platform === 'win32')('--exec', () => {
    const program = (home: string, text: string): string => {
      const path = join(home, 'notify');
      writeFile(path, `#!/bin/sh\n${text}\n`);
      chmodSync(path, 0o755);
      return path;
    };
    const runAt = (home: string, time: string, path: string, ...args: string[]): Promise<Run> =>
      clawtrace(['alerts', '--json', '--exec', path, ...args], { home, env: at(time) });

    it('runs once per alert and severity within the time, with the message and the alert as JSON', async () => {
      const home = homeOf(spent);
      const path = program(home, `printf '%s|' "$#" "$1" >> "${home}/told"; cat >> "${home}/told"; echo on stdout`);
      const told = (): string[] => readFileSync(join(home, 'told'), 'utf8').trim().split('\n');
      // a program inherits the streams of the process
      const args = ['alerts', '--json', '--exec', path, '--hourly-burn-rate-usd', '99'];
      const first = await spawnClawtrace(args, { home, env: at('12:00') });
      expect(first.code).toBe(0);
      expect(JSON.parse(first.stdout).rows).toHaveLength(2);
      expect(first.stderr).toContain('on stdout');
      const [session, day] = told();
      expect(session).toContain('1|Session night-shift... cost $12.00 in last hour (threshold $5.00)|{"severity"');
      expect(JSON.parse(day!.slice(day!.indexOf('{')))).toMatchObject({ key: 'daily_budget:2026-04-01', ratio: 1.2 });
      await runAt(home, '12:20', path, '--hourly-burn-rate-usd', '99');
      expect(told()).toHaveLength(2);
      // an hour later only the day is above its limit; it is told again, unless the time is longer
      await runAt(home, '13:00', path, '--dedup-minutes', '61');
      expect(told()).toHaveLength(2);
      await runAt(home, '13:00', path);
      expect(told()).toHaveLength(3);
      // acknowledged: not told
      await clawtrace(['alerts', 'ack', 'daily'], { home, env: at('14:00') });
      await runAt(home, '14:01', path, '--all');
      expect(told()).toHaveLength(3);
    });

    it('what fails is said, exits with 1, and is tried again', async () => {
      const home = homeOf(spent);
      const path = program(home, 'exit 3');
      for (const time of ['12:00', '12:01']) {
        const run = await runAt(home, time, path);
        expect([run.code, run.stderr.match(/exited with 3/g)]).toEqual([1, expect.objectContaining({ length: 3 })]);
      }
      expect((await runAt(home, '12:02', join(home, 'none'))).stderr).toContain('ENOENT');
    });
  });

  it('exits with 5 if asked and something is open', async () => {
    const home = homeOf(spent);
    expect((await clawtrace(['alerts', '--exit-code'], { home, env: at('12:00') })).code).toBe(5);
    expect((await clawtrace(['alerts'], { home, env: at('12:00') })).code).toBe(0);
  });
});
