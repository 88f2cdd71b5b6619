import { nameText } from '../page/format.ts';
import { drawTable } from '../page/table.ts';
import { amountText, type Amount, type Series } from './series.ts';

type Row = readonly [string, ReadonlyMap<string, Amount>];

/** The figures behind stacked bars, the latest first. */
export const drawSpans = (
  caption: string,
  span: string,
  spans: ReadonlyMap<string, ReadonlyMap<string, Amount>>,
  series: readonly Series[],
): HTMLElement =>
  drawTable<Row>({
    caption,
    columns: [
      { heading: span, show: ([day]) => day, sortBy: ([day]) => day },
      ...series.map(({ name }) => ({
        heading: nameText(name),
        isNumber: true,
        show: ([, sums]: Row) => (sums.get(name) ? amountText(sums.get(name)!) : ''),
        sortBy: ([, sums]: Row) => sums.get(name) ?? null,
      })),
    ],
    rows: [...spans].reverse(),
    top: 40,
  });
