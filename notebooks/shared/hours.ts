import type { HourCell } from '../page/charts.ts';
import { formatCount, moneyText } from '../page/format.ts';
import { approximate } from '../page/money.ts';
import { WEEKDAYS } from '../page/spans.ts';
import { costOf, groupBy, sumOf, type Response, type Sums } from './responses.ts';

export type HourSums = readonly [HourCell, Sums];

/** Sums by hour of the week. */
export function sumHours(responses: readonly Response[]): HourSums[] {
  const known = responses.filter(({ weekday }) => weekday !== null);
  const groups = groupBy(known, ({ weekday, hour }) => String(weekday! * 24 + hour!).padStart(3, '0'));
  return [...groups.values()]
    .sort(([a], [b]) => a!.weekday! * 24 + a!.hour! - b!.weekday! * 24 - b!.hour!)
    .map((group) => {
      const sums = sumOf(group);
      const weekday = WEEKDAYS[group[0]!.weekday! - 1]!;
      const hour = group[0]!.hour!;
      const text = `${weekday} ${hour}:00\n${moneyText(costOf(sums))}\n${formatCount(sums.responses)} responses`;
      return [{ weekday, hour, value: approximate(sums.cost), text }, sums];
    });
}
