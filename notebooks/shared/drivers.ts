import { compare } from '../page/usage.ts';
import { groupBy, nameIn, type Dimension, type Response } from './responses.ts';

/** What a name cost on a day, against the mean of the seven days with usage before it. */
export interface Driver {
  readonly name: string;
  readonly cost: bigint;
  readonly usual: bigint;
  readonly more: bigint;
}

/** What drove the cost of a day, by each dimension: largest excess first. */
export function compareDay(
  responses: readonly Response[],
  day: string,
): { project: Driver[]; model: Driver[]; session: Driver[] } {
  const priced = responses.filter(({ cost }) => cost !== null);
  const days = [...new Set(priced.flatMap((response) => (response.day === null ? [] : [response.day])))].sort();
  const before = days.filter((other) => other < day).slice(-7);
  const drivers = (dimension: Dimension): Driver[] => {
    const ofDay = costs(priced, new Set([day]), dimension);
    const earlier = costs(priced, new Set(before), dimension);
    return [...ofDay]
      .map(([name, cost]) => {
        const usual = before.length > 0 ? (earlier.get(name) ?? 0n) / BigInt(before.length) : 0n;
        return { name, cost, usual, more: cost - usual };
      })
      .sort((a, b) => compare(b.more, a.more) || compare(a.name, b.name));
  };
  return { project: drivers('project'), model: drivers('model'), session: drivers('session_id') };
}

function costs(responses: readonly Response[], days: ReadonlySet<string>, dimension: Dimension): Map<string, bigint> {
  const chosen = responses.filter(({ day }) => day !== null && days.has(day));
  const groups = groupBy(chosen, (response) => nameIn(response, dimension));
  return new Map([...groups].map(([name, group]) => [name, group.reduce((sum, { cost }) => sum + cost!, 0n)]));
}
