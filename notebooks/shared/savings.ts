import { compare } from '../page/usage.ts';
import { groupBy, nameIn, sumOf, type Dimension, type Response } from './responses.ts';

/** What caches saved, and what writing them cost: sums of the view cache_savings. NULL is unknown. */
export interface Savings {
  readonly name: string;
  readonly responses: number;
  readonly unpriced: number;
  readonly input_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_5m_tokens: number;
  readonly cache_write_1h_tokens: number;
  readonly saved_by_reads: bigint | null;
  readonly write_5m_overhead: bigint | null;
  readonly write_1h_overhead: bigint | null;
  readonly net_savings: bigint | null;
  /** Part of the prompts that came from the cache. */
  readonly hit: number;
}

export function savingsOf(name: string, responses: readonly Response[]): Savings {
  const sums = sumOf(responses);
  const count = (of: (response: Response) => number): number =>
    responses.reduce((sum, response) => sum + of(response), 0);
  const priced = responses.filter(({ saved_by_reads }) => saved_by_reads !== null);
  const money = (of: (response: Response) => bigint | null): bigint | null =>
    priced.length > 0 || responses.length === 0
      ? priced.reduce((sum, response) => sum + (of(response) ?? 0n), 0n)
      : null;
  return {
    name,
    responses: responses.length,
    unpriced: responses.length - priced.length,
    input_tokens: sums.tokens.input_tokens,
    cache_read_tokens: sums.tokens.cache_read_tokens,
    cache_write_5m_tokens: count((response) => response.cache_write_5m_tokens),
    cache_write_1h_tokens: count((response) => response.cache_write_1h_tokens),
    saved_by_reads: money((response) => response.saved_by_reads),
    write_5m_overhead: money((response) => response.write_5m_overhead),
    write_1h_overhead: money((response) => response.write_1h_overhead),
    net_savings: money(
      (response) => response.saved_by_reads! - (response.write_5m_overhead ?? 0n) - (response.write_1h_overhead ?? 0n),
    ),
    hit: sums.tokens.cache_read_tokens / (sums.total_tokens - sums.tokens.output_tokens),
  };
}

/** Savings by name, largest first. */
export const savingsBy = (responses: readonly Response[], dimension: Dimension | 'day'): Savings[] =>
  [...groupBy(responses, (response) => (dimension === 'day' ? (response.day ?? '') : nameIn(response, dimension)))]
    .map(([name, group]) => savingsOf(name, group))
    .sort((a, b) => compare(b.net_savings ?? -(10n ** 30n), a.net_savings ?? -(10n ** 30n)) || compare(a.name, b.name));

/** How long a cache had to last for a read of it. */
export const PAUSES = ['up to 5 minutes', '5 minutes to an hour', 'over an hour', 'first of its session'] as const;

export function pauseOf({ pause }: Response): (typeof PAUSES)[number] {
  if (pause === null) return 'first of its session';
  return pause <= 300 ? 'up to 5 minutes' : pause <= 3600 ? '5 minutes to an hour' : 'over an hour';
}
