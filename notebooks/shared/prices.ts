import { compare } from '../page/usage.ts';

/** A row of prices.parquet: a price, the days it applies to, and what was used at that price. Dollars per million tokens. */
export interface Price {
  readonly provider: string;
  readonly model: string;
  readonly effective_from: string | null;
  readonly holds_until: string | null;
  readonly input_price: bigint;
  readonly output_price: bigint;
  readonly cache_read_price: bigint;
  readonly cache_write_5m_price: bigint;
  readonly cache_write_1h_price: bigint;
  readonly confidence: string | null;
  readonly responses: number;
  readonly cost: bigint;
}

export const KINDS = {
  input: 'input_price',
  output: 'output_price',
  'cache read': 'cache_read_price',
  '5-minute write': 'cache_write_5m_price',
  '1-hour write': 'cache_write_1h_price',
} as const;

export type Kind = keyof typeof KINDS;

/** The prices of one model at one provider, oldest first, leaving out those equal to the one before. */
export interface Course {
  readonly name: string;
  readonly prices: readonly Price[];
  readonly steps: readonly Step[];
  readonly responses: number;
  readonly cost: bigint;
}

export interface Step {
  readonly name: string;
  /** NULL if the beginning is unknown. */
  readonly from: string | null;
  readonly until: string | null;
  readonly price: bigint;
  /** Change from the previous price, as a fraction of it; NULL for the first one. */
  readonly change: number | null;
}

export function coursesOf(prices: readonly Price[], kind: Kind): Course[] {
  const groups = new Map<string, Price[]>();
  for (const price of prices) {
    const name = `${price.provider} ${price.model}`;
    groups.set(name, [...(groups.get(name) ?? []), price]);
  }
  return [...groups]
    .map(([name, rows]) => ({
      name,
      prices: rows,
      steps: stepsOf(name, rows, kind),
      responses: rows.reduce((sum, { responses }) => sum + responses, 0),
      cost: rows.reduce((sum, { cost }) => sum + cost, 0n),
    }))
    .sort((a, b) => compare(b.responses, a.responses) || compare(a.name, b.name));
}

function stepsOf(name: string, rows: readonly Price[], kind: Kind): Step[] {
  const steps: Step[] = [];
  for (const row of rows) {
    const price = row[KINDS[kind]];
    const before = steps.at(-1);
    if (before?.price === price) steps[steps.length - 1] = { ...before, until: row.holds_until };
    else steps.push({ name, from: row.effective_from, until: row.holds_until, price, change: changeOf(before, price) });
  }
  return steps;
}

/** Also for a previous price of zero: then the change is larger than any fraction. */
function changeOf(before: Step | undefined, price: bigint): number | null {
  if (before === undefined) return null;
  return before.price === 0n ? Infinity : Number(price) / Number(before.price) - 1;
}
