import { approximate } from '../page/money.ts';
import { compare } from '../page/usage.ts';
import { costOf, groupBy, nameIn, sumOf, type Response, type Sums } from './responses.ts';

/** What the notebook shows of a session: sums over its chosen responses. */
export interface Session {
  readonly id: string;
  readonly source: string;
  readonly project: string;
  readonly models: string;
  readonly started: string;
  readonly minutes: number | null;
  readonly responses: readonly Response[];
  readonly sums: Sums;
  readonly cost: bigint | null;
  /** Part of its prompts that came from the cache. */
  readonly hit: number | null;
}

/** Sessions, most expensive first. */
export const sessionsOf = (responses: readonly Response[]): Session[] =>
  [...groupBy(responses, (response) => `${response.source} ${response.session_id}`).values()]
    .map(sessionOf)
    .sort((a, b) => compare(b.cost ?? -1n, a.cost ?? -1n) || compare(a.id, b.id));

function sessionOf(responses: Response[]): Session {
  const [first, last] = [responses[0]!, responses.at(-1)!];
  const sums = sumOf(responses);
  const prompt = sums.total_tokens - sums.tokens.output_tokens;
  const isTimed = first.responded_at !== null && last.responded_at !== null;
  return {
    id: nameIn(first, 'session_id'),
    source: nameIn(first, 'source'),
    project: nameIn(first, 'project'),
    models: [...new Set(responses.map((response) => nameIn(response, 'model')))].sort().join(', '),
    started: `${first.day ?? ''} ${String(first.hour ?? '').padStart(2, '0')}h`,
    minutes: isTimed ? (last.responded_at!.getTime() - first.responded_at!.getTime()) / 60_000 : null,
    responses,
    sums,
    cost: costOf(sums),
    hit: prompt > 0 ? sums.tokens.cache_read_tokens / prompt : null,
  };
}

/** Above this a session stands out: three quartile ranges above the upper quartile. */
export function limitOf(sessions: readonly Session[]): number {
  const costs = sessions.flatMap(({ cost }) => (cost === null ? [] : [approximate(cost)])).sort((a, b) => a - b);
  const quantile = (part: number): number => costs[Math.round((costs.length - 1) * part)] ?? 0;
  return quantile(0.75) + 3 * (quantile(0.75) - quantile(0.25));
}

export const standsOut = ({ cost }: Session, limit: number): boolean => cost !== null && approximate(cost) > limit;
