import { cellOf, type Cell, type Report, type Table } from './data.ts';
import { parseMoney } from './money.ts';

/** What the reader chose. */
export interface Selection {
  readonly from: string;
  readonly to: string;
  readonly project: string | null;
  readonly model: string | null;
}

export const DIMENSIONS = ['model', 'project', 'agent', 'provider', 'source'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const TOKEN_KINDS = ['input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Sums over rows of the rollup. The cost is exact. */
export interface Sums {
  responses: number;
  unpriced: number;
  tokens: Record<TokenKind, number>;
  total_tokens: number;
  cost: bigint;
  /** False if no row had a cost: then it is not known, and not 0. */
  isPriced: boolean;
}

export const noSums = (): Sums => ({
  responses: 0,
  unpriced: 0,
  tokens: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 },
  total_tokens: 0,
  cost: 0n,
  isPriced: false,
});

/** NULL if no response has a known price; 0 without responses. */
export const costOf = ({ cost, isPriced, responses }: Sums): bigint | null =>
  isPriced || responses === 0 ? cost : null;

export interface Usage {
  readonly table: Table;
  readonly hours: Table;
  readonly costs: readonly (bigint | null)[];
  readonly hourCosts: readonly (bigint | null)[];
  readonly firstDay: string | undefined;
  readonly lastDay: string | undefined;
}

export function readUsage(rollup: Report): Usage {
  const hours = rollup.parts.get('hours')!;
  const days = (rollup.values.get('day') as readonly (string | null)[]).filter((day) => day !== null);
  return {
    table: rollup,
    hours,
    costs: moneyColumn(rollup, 'cost'),
    hourCosts: moneyColumn(hours, 'cost'),
    firstDay: days.length > 0 ? days.reduce((a, b) => (a < b ? a : b)) : undefined,
    lastDay: days.length > 0 ? days.reduce((a, b) => (a > b ? a : b)) : undefined,
  };
}

const moneyColumn = (table: Table, name: string): (bigint | null)[] =>
  table.values.get(name)!.map((cell) => (cell === null ? null : parseMoney(cell as string)));

/** Rows that the reader chose. Without any choice all of them, even those without a known day. */
export function chosenRows(table: Table, { from, to, project, model }: Selection, isEverything: boolean): number[] {
  const column = (name: string): readonly Cell[] => table.values.get(name)!;
  const [days, projects, models] = [column('day'), column('project'), table.values.get('model')];
  const chosen = [];
  for (let row = 0; row < table.size; row++) {
    const day = days[row] as string | null;
    if (!isEverything && (day === null || day < from || day > to)) continue;
    if (project !== null && (projects[row] ?? '') !== project) continue;
    if (model !== null && models && (models[row] ?? '') !== model) continue;
    chosen.push(row);
  }
  return chosen;
}

export function addRow(sums: Sums, { table, costs }: Usage, row: number): void {
  const count = (name: string): number => cellOf(table, name, row) as number;
  sums.responses += count('responses');
  sums.unpriced += count('unpriced_responses');
  for (const kind of TOKEN_KINDS) sums.tokens[kind] += count(kind);
  sums.total_tokens += tokensOf(table, row);
  const cost = costs[row]!;
  if (cost === null) return;
  sums.cost += cost;
  sums.isPriced = true;
}

/** The token kinds are disjoint: their sum is all of them. */
export const tokensOf = (table: Table, row: number): number =>
  TOKEN_KINDS.reduce((total, kind) => total + (cellOf(table, kind, row) as number), 0);

/** Sums of rows, one per value of a dimension, most expensive first. */
export function sumBy(usage: Usage, rows: readonly number[], dimension: Dimension): [string, Sums][] {
  const groups = new Map<string, Sums>();
  const names = usage.table.values.get(dimension)!;
  for (const row of rows) {
    const name = (names[row] ?? '') as string;
    let sums = groups.get(name);
    if (!sums) groups.set(name, (sums = noSums()));
    addRow(sums, usage, row);
  }
  return [...groups].sort(
    ([a, x], [b, y]) => compare(y.cost, x.cost) || compare(y.total_tokens, x.total_tokens) || compare(a, b),
  );
}

export function sumAll(usage: Usage, rows: readonly number[]): Sums {
  const sums = noSums();
  for (const row of rows) addRow(sums, usage, row);
  return sums;
}

export const compare = <Value extends string | number | bigint>(a: Value, b: Value): number =>
  a < b ? -1 : a > b ? 1 : 0;
