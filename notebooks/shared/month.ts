import { approximate, formatMoney } from '../page/money.ts';
import type { Response } from './responses.ts';

/** What a month had cost by the end of a day. */
export interface DayOfMonth {
  readonly day: number;
  readonly cost: bigint;
  readonly value: number;
  readonly text: string;
}

/** The month of a day, summed up day by day to that day, and the whole month before. */
export function sumMonths(responses: readonly Response[], today: string): { now: DayOfMonth[]; before: DayOfMonth[] } {
  const month = today.slice(0, 7);
  const first = new Date(`${month}-01`);
  first.setUTCMonth(first.getUTCMonth() - 1);
  const before = first.toISOString().slice(0, 7);
  return {
    now: sumMonth(responses, month, Number(today.slice(8))),
    before: sumMonth(responses, before, daysOf(before)),
  };
}

/** How many days a month has. */
export const daysOf = (month: string): number =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 0)).getUTCDate();

function sumMonth(responses: readonly Response[], month: string, last: number): DayOfMonth[] {
  const costs = Array.from({ length: last }, () => 0n);
  for (const { day, cost } of responses) {
    if (day?.startsWith(month) && cost !== null && Number(day.slice(8)) <= last)
      costs[Number(day.slice(8)) - 1]! += cost;
  }
  let sum = 0n;
  return costs.map((cost, index) => {
    sum += cost;
    const day = `${month}-${String(index + 1).padStart(2, '0')}`;
    return { day: index + 1, cost: sum, value: approximate(sum), text: `by the end of ${day}\n${formatMoney(sum)}` };
  });
}
