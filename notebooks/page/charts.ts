import * as Plot from '@observablehq/plot';
import { formatAxisMoney, formatShort } from './format.ts';

/** Number of series with a colour of their own; the rest is drawn as one. */
export const COLORS = 8;
export const OTHERS = 'others';

/** Colours are the style sheet's, so that they follow light and dark. */
export const colorOf = (rank: number): string => `var(--series-${rank < COLORS ? rank + 1 : 'others'})`;

export type Interval = 'day' | 'monday' | 'sunday' | 'month';

/** The height of one series in one span of time. */
export interface Bar {
  readonly date: Date;
  readonly series: string;
  readonly value: number;
  readonly text: string;
}

/** A day to mark, and how high its bar is. */
export interface UnusualDay {
  readonly date: Date;
  readonly value: number;
}

export interface BarOptions {
  readonly bars: readonly Bar[];
  readonly series: readonly string[];
  readonly interval: Interval;
  readonly domain: readonly [Date, Date];
  readonly unusual: readonly UnusualDay[];
  readonly isMoney: boolean;
  readonly label: string;
  readonly width: number;
}

/** Stacked bars over time. */
export function drawBars({ bars, series, interval, domain, unusual, isMoney, label, width }: BarOptions): Element {
  return Plot.plot({
    width,
    height: width < 500 ? 220 : 280,
    marginLeft: 52,
    marginRight: 8,
    ariaLabel: label,
    x: { type: 'utc', label: null, domain: [...domain] },
    y: {
      label: null,
      grid: true,
      ticks: 5,
      tickFormat: isMoney ? formatAxisMoney : formatShort,
      zero: true,
      nice: true,
    },
    color: { domain: [...series], range: series.map((name, rank) => colorOf(name === OTHERS ? COLORS : rank)) },
    marks: [
      Plot.rectY(bars, {
        x: 'date',
        y: 'value',
        interval,
        fill: 'series',
        order: [...series],
        inset: 0.5,
        title: 'text',
        tip: true,
      }),
      Plot.text(unusual, {
        x: 'date',
        y: 'value',
        text: () => '▾',
        dy: -8,
        fontSize: 15,
        fill: 'var(--warn)',
        ariaDescription: 'unusual days',
      }),
      Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.4 }),
    ],
  });
}

/** What an hour of a weekday cost. */
export interface HourCell {
  readonly weekday: string;
  readonly hour: number;
  readonly value: number;
  readonly text: string;
}

/** A week of hours: the darker, the more. */
export function drawHours(
  cells: readonly HourCell[],
  weekdays: readonly string[],
  label: string,
  width: number,
): Element {
  const most = Math.max(...cells.map(({ value }) => value), 0);
  return Plot.plot({
    width,
    height: 7 * 24 + 34,
    marginLeft: 40,
    marginRight: 4,
    marginTop: 4,
    ariaLabel: label,
    x: {
      type: 'band',
      domain: Array.from({ length: 24 }, (_, hour) => hour),
      label: null,
      ticks: width < 400 ? [0, 6, 12, 18] : [0, 3, 6, 9, 12, 15, 18, 21],
      tickFormat: (hour: number) => `${String(hour).padStart(2, '0')}h`,
      tickSize: 0,
      padding: 0.08,
    },
    y: { type: 'band', domain: [...weekdays], label: null, tickSize: 0, padding: 0.08 },
    marks: [
      Plot.cell(
        weekdays.flatMap((weekday) => Array.from({ length: 24 }, (_, hour) => ({ weekday, hour }))),
        { x: 'hour', y: 'weekday', fill: 'var(--cell-empty)', rx: 2 },
      ),
      Plot.cell(cells, {
        x: 'hour',
        y: 'weekday',
        fill: 'var(--accent)',
        // the square root keeps cheap hours visible beside expensive ones
        fillOpacity: ({ value }: HourCell) => (most > 0 ? 0.12 + 0.88 * Math.sqrt(value / most) : 0.12),
        rx: 2,
        title: 'text',
        tip: true,
      }),
    ],
  });
}
