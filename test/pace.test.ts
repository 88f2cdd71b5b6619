import { expect, it } from 'vitest';
import { ask, claudeLine, claudePath, homeWith } from './helpers.ts';

/** A response; every part is 100,000 tokens of input, $0.50. */
const at = (timestamp: string, parts: number, fields: object = {}): object =>
  claudeLine({
    timestamp,
    requestId: timestamp,
    message: { id: timestamp, ...fields },
    usage: { input: parts * 100_000 },
  });

it('pace compares with the same part of the time before', async () => {
  // Now is Wednesday 2026-04-15, 12:00. Each 100,000 tokens cost $0.50.
  const home = homeWith({
    [claudePath('s1')]: [
      at('2026-04-15T11:00:00Z', 3), // today: 3 x 0.50 = 1.50
      at('2026-04-14T11:00:00Z', 2), // yesterday before noon: 1.00; in all 1.00 + 2.00
      at('2026-04-14T13:00:00Z', 4), // yesterday after noon: not in the pace of today
      at('2026-04-08T11:00:00Z', 8), // last Wednesday before noon: 4.00
      at('2026-04-08T13:00:00Z', 16), // last Wednesday after noon: of no pace but the month's
      at('2026-03-15T12:00:00Z', 10), // the same moment last month: 5.00, the end of it counts
      at('2026-03-15T12:00:01Z', 32), // a second later
    ],
  });
  const { rows } = await ask(['pace'], { home, env: { CLAWTRACE_NOW: '2026-04-15T12:00:00Z' } });
  // week from Monday 13: 1.50 + 3.00 = 4.50 against 4.00; month: 4.50 + 12.00 = 16.50 against 5.00
  expect(rows).toMatchObject([
    { period: 'today', cost: 1.5, previous_cost: 1, change: 50 },
    {
      period: 'this week',
      since: '2026-04-13',
      cost: 4.5,
      previous_since: '2026-04-06',
      previous_cost: 4,
      change: 12.5,
    },
    { period: 'this month', since: '2026-04-01', cost: 16.5, previous_cost: 5, change: 230 },
  ]);
});

it('pace grows from nothing by no percentage, and does not know what nobody knows', async () => {
  const home = homeWith({
    [claudePath('s1')]: [at('2026-04-15T11:00:00Z', 2), at('2026-03-02T11:00:00Z', 2, { model: 'nobody-knows' })],
  });
  const { rows } = await ask(['pace'], { home, env: { CLAWTRACE_NOW: '2026-04-15T12:00:00Z' } });
  expect(rows).toMatchObject([
    { cost: 1, previous_cost: 0, change: null },
    { cost: 1, previous_cost: 0, change: null },
    { cost: 1, previous_cost: null, change: null, unpriced_responses: 1 },
  ]);
});

it('pace compares a day of 25 hours by the clock on the wall', async () => {
  // Clocks in New York went back on 2026-11-01 at 02:00. Now is 12:00 on that day: 17:00 UTC.
  const home = homeWith({
    [claudePath('s1')]: [
      at('2026-10-31T15:59:00Z', 1), // 11:59 the day before
      at('2026-10-31T16:01:00Z', 2), // 12:01
      at('2026-11-01T04:30:00Z', 4), // 00:30 today
    ],
  });
  const { rows } = await ask(['pace', '-z', 'America/New_York'], {
    home,
    env: { CLAWTRACE_NOW: '2026-11-01T17:00:00Z' },
  });
  expect(rows[0]).toMatchObject({ cost: 2, previous_cost: 0.5, previous_until: '2026-10-31T16:00:00.000Z' });
});
