import {
  COLORS,
  colorOf,
  drawBars,
  drawHours,
  OTHERS,
  type Bar,
  type HourCell,
  type Interval,
  type UnusualDay,
} from './charts.ts';
import { drawBreakdown, exactCost } from './breakdown.ts';
import type { View } from './controls.ts';
import { cellOf, type Report } from './data.ts';
import { element } from './element.ts';
import { formatCount, moneyText, nameText } from './format.ts';
import { drawLegend } from './legend.ts';
import { approximate, formatMoney, parseMoney } from './money.ts';
import { figures, panel } from './panel.ts';
import { domainOf, intervalOf, spanName, spanOf, WEEKDAYS, weekdaysFrom } from './spans.ts';
import { drawTable, type TableColumn } from './table.ts';
import { drawTotalsOf } from './totals.ts';
import {
  chosenRows,
  compare,
  costOf,
  DIMENSIONS,
  noSums,
  sumAll,
  sumBy,
  TOKEN_KINDS,
  tokensOf,
  type Sums,
  type Usage,
} from './usage.ts';

/** The sums of what the reader chose, announced when they change. */
export function drawTotals(usage: Usage, rows: readonly number[], view: View): HTMLElement {
  const sums = sumAll(usage, rows);
  const { from, to } = view.selection;
  const title = view.isEverything ? `All days, ${from} to ${to}` : from === to ? from : `${from} to ${to}`;
  const content =
    rows.length > 0
      ? drawTotalsOf(sums, sumBy(usage, rows, 'model')[0])
      : [element('p', { class: 'quiet' }, emptyText(usage))];
  const made = panel(title, 'whole', '', ...content);
  made.classList.add('totals');
  made.setAttribute('aria-live', 'polite');
  return made;
}

const emptyText = ({ table }: Usage): string =>
  table.size > 0
    ? 'No usage in these days with these filters.'
    : 'No usage was found. "clawtrace sources" shows where clawtrace looked; "clawtrace dashboard --demo" shows sample logs.';

interface TrendOptions {
  readonly weekStart: 'monday' | 'sunday';
  readonly unusual: readonly UnusualDay[];
  readonly width: number;
}

/** Days that the report anomalies names, where the chart shows what it compares: the cost of whole days. */
export function unusualDays(reports: ReadonlyMap<string, Report>, view: View): UnusualDay[] {
  const anomalies = reports.get('anomalies');
  const { project, model, from, to } = view.selection;
  if (!anomalies || project !== null || model !== null || view.measure !== 'cost') return [];
  return Array.from({ length: anomalies.size }, (_, row) => {
    const actual = parseMoney(String(cellOf(anomalies, 'actual_cost', row) ?? 0));
    return { date: new Date(`${String(cellOf(anomalies, 'date', row))}T12:00:00Z`), value: approximate(actual) };
  }).filter(({ date }) => date >= new Date(from) && date <= new Date(`${to}T23:59:59Z`));
}

/** Stacked bars over time, split as the reader chose. */
export function drawTrend(
  usage: Usage,
  rows: readonly number[],
  view: View,
  { weekStart, unusual, width }: TrendOptions,
): HTMLElement {
  const interval = intervalOf(view.selection, weekStart);
  const ranked = rankSeries(usage, view);
  const isMoney = view.measure === 'cost';
  const sums = sumSpans(usage, rows, view, interval, new Set(ranked.slice(0, COLORS)));
  const series = [...ranked.slice(0, COLORS), OTHERS].filter((name) =>
    [...sums.values()].some((span) => span.has(name)),
  );
  const bars = [...sums].flatMap(([day, span]) => [...span].map(([name, value]) => barOf(day, name, value, isMoney)));
  const title = `${isMoney ? 'Cost' : 'Tokens'} per ${spanName(interval)}, by ${view.split}`;
  const chart = drawBars({
    bars: bars.filter(({ value }) => value > 0),
    series,
    interval,
    domain: domainOf(view.selection, interval),
    unusual: interval === 'day' ? unusual : [],
    isMoney,
    label: `${title}: ${sums.size} with usage. The table below has the figures.`,
    width: width - 34,
  });
  const legend = series.map((name) => ({
    name: nameText(name),
    color: colorOf(name === OTHERS ? COLORS : ranked.indexOf(name)),
  }));
  const unusualDay = interval === 'day' && unusual.length > 0 ? [{ name: 'unusual day', mark: '▾' }] : [];
  return panel(
    title,
    'whole',
    '',
    drawLegend([...legend, ...unusualDay]),
    chart as HTMLElement,
    figures(trendTable(title, spanName(interval), sums, series, isMoney)),
  );
}

type Value = bigint | number;

function barOf(day: string, name: string, value: Value, isMoney: boolean): Bar {
  const amount = typeof value === 'bigint' ? approximate(value) : value;
  const text = `${day}\n${nameText(name)}\n${isMoney ? formatMoney(value as bigint) : formatCount(value as number)}`;
  return { date: new Date(day), series: name, value: amount, text };
}

/** Series in the order of their sums over all rows, so that a choice does not change their colours. */
function rankSeries(usage: Usage, { split }: View): string[] {
  if (split === 'token kind') return TOKEN_KINDS.map(kindName);
  const all = Array.from({ length: usage.table.size }, (_, row) => row);
  return sumBy(usage, all, split).map(([name]) => name);
}

const kindName = (kind: string): string => kind.replace('_tokens', '').replace('_', ' ');

/** The sum of each series in each span of time. */
function sumSpans(
  usage: Usage,
  rows: readonly number[],
  view: View,
  interval: Interval,
  shown: ReadonlySet<string>,
): Map<string, Map<string, Value>> {
  const spans = new Map<string, Map<string, Value>>();
  const days = usage.table.values.get('day')!;
  for (const row of rows) {
    if (days[row] === null) continue;
    const key = spanOf(days[row] as string, interval);
    let span = spans.get(key);
    if (!span) spans.set(key, (span = new Map()));
    for (const [name, value] of seriesOf(usage, row, view)) {
      const series = shown.has(name) ? name : OTHERS;
      const before = span.get(series) ?? (typeof value === 'bigint' ? 0n : 0);
      span.set(series, add(before, value));
    }
  }
  return new Map([...spans].sort(([a], [b]) => compare(a, b)));
}

const add = (a: Value, b: Value): Value => (typeof a === 'bigint' ? a + (b as bigint) : a + (b as number));

function seriesOf(usage: Usage, row: number, { split, measure }: View): [string, Value][] {
  if (split === 'token kind') {
    return TOKEN_KINDS.map((kind) => [kindName(kind), usage.table.values.get(kind)![row] as number]);
  }
  const name = (usage.table.values.get(split)![row] ?? '') as string;
  if (measure === 'tokens') return [[name, tokensOf(usage.table, row)]];
  return [[name, usage.costs[row] ?? 0n]];
}

function trendTable(
  caption: string,
  span: string,
  sums: ReadonlyMap<string, ReadonlyMap<string, Value>>,
  series: readonly string[],
  isMoney: boolean,
): HTMLElement {
  type Row = readonly [string, ReadonlyMap<string, Value>];
  const text = (value: Value | undefined): string =>
    value === undefined ? '' : isMoney ? formatMoney(value as bigint) : formatCount(value as number);
  const columns: TableColumn<Row>[] = [
    { heading: span, show: ([day]) => day, sortBy: ([day]) => day },
    ...series.map((name) => ({
      heading: nameText(name),
      isNumber: true,
      show: ([, values]: Row) => text(values.get(name)),
      sortBy: ([, values]: Row) => values.get(name) ?? null,
    })),
  ];
  return drawTable({ caption, columns, rows: [...sums].reverse(), top: 40 });
}

/** A table for each dimension with more than one value. */
export function drawBreakdowns(usage: Usage, rows: readonly number[]): HTMLElement[] {
  const titles = { model: 'Models', project: 'Projects', agent: 'Agents', provider: 'Providers', source: 'Sources' };
  return DIMENSIONS.map((dimension) => {
    const groups = sumBy(usage, rows, dimension);
    return panel(
      titles[dimension],
      'half',
      '',
      drawBreakdown(titles[dimension], dimension, groups, sumAll(usage, rows)),
    );
  });
}

/** When in the week the money was spent. */
export function drawHeatMap(usage: Usage, view: View, weekStart: 'monday' | 'sunday', width: number): HTMLElement {
  const cells = hourCells(usage, view);
  const weekdays = weekdaysFrom(weekStart);
  const note = view.selection.model === null ? '' : 'All models: hours are not split by model.';
  const title = 'Cost by hour and weekday';
  const chart = drawHours(
    cells.map(([cell]) => cell),
    weekdays,
    `${title}. The table below has the figures.`,
    width < 800 ? width - 34 : (width - 16) / 2 - 34,
  );
  const columns: TableColumn<readonly [HourCell, Sums]>[] = [
    {
      heading: 'hour',
      show: ([{ weekday, hour }]) => `${weekday} ${hour}:00`,
      sortBy: ([cell]) => weekdays.indexOf(cell.weekday) * 24 + cell.hour,
    },
    {
      heading: 'cost',
      isNumber: true,
      show: ([, sums]) => moneyText(costOf(sums)),
      sortBy: ([, sums]) => costOf(sums),
      exact: ([, sums]) => exactCost(sums),
    },
    {
      heading: 'responses',
      isNumber: true,
      show: ([, sums]) => formatCount(sums.responses),
      sortBy: ([, sums]) => sums.responses,
    },
  ];
  return panel(
    title,
    'half',
    note,
    chart as HTMLElement,
    figures(drawTable({ caption: title, columns, rows: cells, top: 24 })),
  );
}

function hourCells(usage: Usage, view: View): (readonly [HourCell, Sums])[] {
  const { hours, hourCosts } = usage;
  const sums = new Map<number, Sums>();
  for (const row of chosenRows(hours, view.selection, view.isEverything)) {
    const key = (hours.values.get('weekday')![row] as number) * 24 + (hours.values.get('hour')![row] as number);
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = noSums()));
    sum.responses += hours.values.get('responses')![row] as number;
    const cost = hourCosts[row]!;
    if (cost !== null) sum.cost += cost;
    sum.isPriced ||= cost !== null;
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([key, sum]) => {
      const weekday = WEEKDAYS[Math.floor(key / 24) - 1]!;
      const hour = key % 24;
      const text = `${weekday} ${hour}:00\n${moneyText(costOf(sum))}\n${formatCount(sum.responses)} responses`;
      return [{ weekday, hour, value: approximate(sum.cost), text }, sum] as const;
    });
}
