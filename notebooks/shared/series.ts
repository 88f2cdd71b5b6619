import { COLORS, colorOf, OTHERS, type Interval } from '../page/charts.ts';
import { formatCount, nameText } from '../page/format.ts';
import { approximate, formatMoney } from '../page/money.ts';
import { spanOf } from '../page/spans.ts';
import { compare } from '../page/usage.ts';
import { nameIn, promptOf, writtenBy, type Response } from './responses.ts';

export const SPLITS = ['model', 'project', 'source', 'agent', 'token kind'] as const;
export type Split = (typeof SPLITS)[number];
export type Measure = 'cost' | 'tokens';

/** An amount: exact money, or a count of tokens. */
export type Amount = bigint | number;

/** What a response adds to which series. */
export function partsOf(response: Response, split: Split, measure: Measure): [string, Amount][] {
  if (split !== 'token kind') {
    const amount = measure === 'cost' ? (response.cost ?? 0n) : promptOf(response) + response.output_tokens;
    return [[nameIn(response, split), amount]];
  }
  if (measure === 'tokens') {
    return [
      ['input', response.input_tokens],
      ['output', response.output_tokens],
      ['cache read', response.cache_read_tokens],
      ['cache write', writtenBy(response)],
    ];
  }
  const kinds: [string, bigint][] = [
    ['input', response.input_cost ?? 0n],
    ['output', response.output_cost ?? 0n],
    ['cache read', response.cache_read_cost ?? 0n],
    ['cache write', response.cache_write_cost ?? 0n],
    ['web search', response.web_search_cost ?? 0n],
  ];
  // a cost that the agent logged is not split by kind
  const rest = (response.cost ?? 0n) - kinds.reduce((sum, [, cost]) => sum + cost, 0n);
  return [...kinds, ['as logged', rest]];
}

export interface Series {
  readonly name: string;
  readonly color: string;
}

/** A stacked bar: one series in one span of days. */
export interface StackedBar {
  readonly date: Date;
  readonly series: string;
  readonly value: number;
  readonly text: string;
}

export interface Stack {
  readonly series: readonly Series[];
  readonly bars: readonly StackedBar[];
  /** The same figures, exact: span of days, then series. */
  readonly spans: ReadonlyMap<string, ReadonlyMap<string, Amount>>;
}

/** Sums per span of days and series. A series keeps its colour whatever is chosen: its rank among all responses decides. */
export function stack(
  chosen: readonly Response[],
  all: readonly Response[],
  { split, measure, interval }: { split: Split; measure: Measure; interval: Interval },
): Stack {
  const ranked = rank(all, split, measure);
  const shown = new Set(ranked.slice(0, COLORS));
  const spans = new Map<string, Map<string, Amount>>();
  for (const response of chosen) {
    if (response.day === null) continue;
    const span = spanOf(response.day, interval);
    const sums = spans.get(span) ?? new Map<string, Amount>();
    spans.set(span, sums);
    for (const [name, amount] of partsOf(response, split, measure))
      addTo(sums, shown.has(name) ? name : OTHERS, amount);
  }
  const sorted = new Map([...spans].sort(([a], [b]) => compare(a, b)));
  const used = new Set([...sorted.values()].flatMap((sums) => [...sums].flatMap(([name, sum]) => (sum ? [name] : []))));
  const series = [...ranked.slice(0, COLORS), OTHERS]
    .filter((name) => used.has(name))
    .map((name) => ({ name, color: colorOf(name === OTHERS ? COLORS : ranked.indexOf(name)) }));
  const bars = [...sorted].flatMap(([day, sums]) =>
    [...sums].filter(([, sum]) => sum).map(([name, sum]) => barOf(day, name, sum)),
  );
  return { series, bars, spans: sorted };
}

function rank(all: readonly Response[], split: Split, measure: Measure): string[] {
  const sums = new Map<string, Amount>();
  for (const response of all) for (const [name, amount] of partsOf(response, split, measure)) addTo(sums, name, amount);
  return [...sums].sort(([a, x], [b, y]) => compare(y as number, x as number) || compare(a, b)).map(([name]) => name);
}

function addTo(sums: Map<string, Amount>, name: string, amount: Amount): void {
  const before = sums.get(name);
  const sum = typeof amount === 'bigint' ? amount + ((before ?? 0n) as bigint) : amount + ((before ?? 0) as number);
  sums.set(name, sum);
}

const barOf = (day: string, series: string, sum: Amount): StackedBar => ({
  date: new Date(day),
  series,
  value: drawn(sum),
  text: `${day}\n${nameText(series)}\n${amountText(sum)}`,
});

export const drawn = (amount: Amount): number => (typeof amount === 'bigint' ? approximate(amount) : amount);

export const amountText = (amount: Amount): string =>
  typeof amount === 'bigint' ? formatMoney(amount) : formatCount(amount);
