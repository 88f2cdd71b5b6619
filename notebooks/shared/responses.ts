import { approximate } from '../page/money.ts';
import { compare, costOf, noSums, type Sums } from '../page/usage.ts';

/** A row of usage.parquet: one model response. Money is in the smallest part of a dollar; NULL is unknown. */
export interface Response {
  readonly source: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly agent: string | null;
  readonly project: string | null;
  readonly session_id: string | null;
  readonly responded_at: Date | null;
  readonly day: string | null;
  readonly weekday: number | null;
  readonly hour: number | null;
  readonly pause: number | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_5m_tokens: number;
  readonly cache_write_1h_tokens: number;
  readonly input_cost: bigint | null;
  readonly output_cost: bigint | null;
  readonly cache_read_cost: bigint | null;
  readonly cache_write_cost: bigint | null;
  readonly web_search_cost: bigint | null;
  readonly cost: bigint | null;
  readonly saved_by_reads: bigint | null;
  readonly write_5m_overhead: bigint | null;
  readonly write_1h_overhead: bigint | null;
}

export type Dimension = 'model' | 'project' | 'source' | 'agent' | 'provider' | 'session_id';

/** What the reader chose of all responses. */
export interface Choice {
  readonly from: string;
  readonly to: string;
  readonly isEverything: boolean;
  readonly project: string | null;
  readonly model: string | null;
}

/** Without any choice all of them, even those without a known day. */
export function chosenOf(
  responses: readonly Response[],
  { from, to, isEverything, project, model }: Choice,
): Response[] {
  return responses.filter(
    (response) =>
      (isEverything || (response.day !== null && response.day >= from && response.day <= to)) &&
      (project === null || nameIn(response, 'project') === project) &&
      (model === null || nameIn(response, 'model') === model),
  );
}

export const nameIn = (response: Response, dimension: Dimension): string => response[dimension] ?? '';

/** Tokens of the whole prompt. */
export const promptOf = (response: Response): number =>
  response.input_tokens + response.cache_read_tokens + writtenBy(response);

export const writtenBy = (response: Response): number =>
  response.cache_write_5m_tokens + response.cache_write_1h_tokens;

/** Sums of exact costs, as the reports have them. */
export function sumOf(responses: readonly Response[]): Sums {
  const sums = noSums();
  for (const response of responses) {
    sums.responses += 1;
    sums.tokens.input_tokens += response.input_tokens;
    sums.tokens.output_tokens += response.output_tokens;
    sums.tokens.cache_read_tokens += response.cache_read_tokens;
    sums.tokens.cache_write_tokens += writtenBy(response);
    sums.total_tokens += promptOf(response) + response.output_tokens;
    if (response.cost === null) sums.unpriced += 1;
    else sums.cost += response.cost;
    sums.isPriced ||= response.cost !== null;
  }
  return sums;
}

/** Responses grouped by name, in the order they came. */
export function groupBy(
  responses: readonly Response[],
  nameOf: (response: Response) => string,
): Map<string, Response[]> {
  const groups = new Map<string, Response[]>();
  for (const response of responses) {
    const name = nameOf(response);
    const group = groups.get(name);
    if (group) group.push(response);
    else groups.set(name, [response]);
  }
  return groups;
}

/** Sums by name, most expensive first. */
export const sumsBy = (responses: readonly Response[], dimension: Dimension): [string, Sums][] =>
  [...groupBy(responses, (response) => nameIn(response, dimension))]
    .map(([name, group]): [string, Sums] => [name, sumOf(group)])
    .sort(([a, x], [b, y]) => compare(y.cost, x.cost) || compare(y.total_tokens, x.total_tokens) || compare(a, b));

/** The cost of each day that has one, in the order of days. */
export function costByDay(responses: readonly Response[]): Map<string, number> {
  const known = responses.filter(({ day, cost }) => day !== null && cost !== null);
  const days = [...groupBy(known, ({ day }) => day!)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(days.map(([day, group]) => [day, approximate(group.reduce((sum, { cost }) => sum + cost!, 0n))]));
}

export { costOf };
export type { Sums };
