import { approximate } from '../page/money.ts';
import { groupBy, type Response } from './responses.ts';

export type Method = 'rolling' | 'robust';

/** What the days before a day let expect, and from where on it is unusual: the rules of `clawtrace anomalies`. */
export interface Expected {
  readonly day: string;
  readonly expected: number;
  readonly limit: number;
}

/** What an excess must reach, in dollars. */
const LEAST = 1;
const OVER = 1.25;

/** The cost of each day that has one, in the order of days. */
export function costByDay(responses: readonly Response[]): Map<string, number> {
  const known = responses.filter(({ day, cost }) => day !== null && cost !== null);
  const days = [...groupBy(known, ({ day }) => day!)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(days.map(([day, group]) => [day, approximate(group.reduce((sum, { cost }) => sum + cost!, 0n))]));
}

export const expectedOf = (costs: ReadonlyMap<string, number>, method: Method, today: string): Expected[] =>
  method === 'rolling' ? rolling([...costs]) : robust(everyDay(costs, today));

/** The mean of the seven days with usage before it, three at least. */
const rolling = (days: readonly (readonly [string, number])[]): Expected[] =>
  days.flatMap(([day], index) => {
    if (index < 3) return [];
    const expected = mean(days.slice(Math.max(0, index - 7), index).map(([, cost]) => cost));
    return [{ day, expected, limit: Math.max(expected * OVER, expected + LEAST) }];
  });

/** The median of the 28 days before it, seven at least, and 3.5 deviations. */
const robust = (days: readonly (readonly [string, number])[]): Expected[] =>
  days.flatMap(([day], index) => {
    if (index < 7) return [];
    const costs = days.slice(Math.max(0, index - 28), index).map(([, cost]) => cost);
    const expected = median(costs);
    const distances = costs.map((cost) => Math.abs(cost - expected));
    const deviation = 1.4826 * median(distances) || 1.2533 * mean(distances);
    return [{ day, expected, limit: Math.max(expected * OVER, expected + LEAST, expected + 3.5 * deviation) }];
  });

/** Days without usage cost nothing; today is not over. */
function everyDay(costs: ReadonlyMap<string, number>, today: string): [string, number][] {
  const [first] = costs.keys();
  const days: [string, number][] = [];
  for (const date = new Date(first ?? today); ; date.setUTCDate(date.getUTCDate() + 1)) {
    const day = date.toISOString().slice(0, 10);
    if (day >= today) return days;
    days.push([day, costs.get(day) ?? 0]);
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
