import { element, nameOf } from './element.ts';
import { formatCount, formatShare, formatShort, moneyText, nameText } from './format.ts';
import { approximate, exactMoney } from './money.ts';
import { drawTable, type TableColumn } from './table.ts';
import { costOf, type Sums } from './usage.ts';

export type Named = readonly [name: string, sums: Sums];

/** The sums of each name, and its share of the cost. */
export function drawBreakdown(caption: string, dimension: string, groups: readonly Named[], all: Sums): HTMLElement {
  const share = (sums: Sums): number =>
    all.cost > 0n && costOf(sums) !== null ? approximate(sums.cost) / approximate(all.cost) : NaN;
  const columns: TableColumn<Named>[] = [
    { heading: dimension, show: ([name]) => nameOf(nameText(name)), sortBy: ([name]) => name },
    {
      heading: 'cost',
      hint: 'List price: what the API would have charged.',
      isNumber: true,
      show: ([, sums]) => moneyText(costOf(sums)),
      sortBy: ([, sums]) => costOf(sums),
      exact: ([, sums]) => exactCost(sums),
    },
    {
      heading: 'share',
      hint: 'Share of the cost.',
      isNumber: true,
      show: ([, sums]) => bar(share(sums)),
      sortBy: ([, sums]) => sums.cost,
    },
    {
      heading: 'responses',
      isNumber: true,
      show: ([, sums]) => formatCount(sums.responses),
      sortBy: ([, sums]) => sums.responses,
    },
    {
      heading: 'tokens',
      isNumber: true,
      show: ([, sums]) => formatShort(sums.total_tokens),
      sortBy: ([, sums]) => sums.total_tokens,
    },
    ...(all.unpriced > 0
      ? [
          {
            heading: 'no price',
            hint: 'Responses not in the cost: price unknown.',
            isNumber: true,
            show: ([, sums]: Named) => (sums.unpriced > 0 ? formatCount(sums.unpriced) : ''),
            sortBy: ([, sums]: Named) => sums.unpriced,
          },
        ]
      : []),
  ];
  return drawTable({ caption, columns, rows: groups, top: 8, keyOf: ([name]) => name });
}

function bar(share: number): HTMLElement {
  const fill = element('span', { class: 'fill' });
  fill.style.width = `${Number.isFinite(share) ? Math.max(0, share) * 100 : 0}%`;
  return element(
    'span',
    { class: 'share' },
    element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
    element('span', {}, formatShare(share)),
  );
}

/** All digits of a cost. */
export const exactCost = (sums: Sums): string | undefined => {
  const cost = costOf(sums);
  return cost === null ? undefined : exactMoney(cost);
};
