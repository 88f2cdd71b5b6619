import type { Interval } from './charts.ts';

interface Span {
  readonly from: string;
  readonly to: string;
}

const DAY = 86_400_000;

/** Days, weeks or months: whichever fit the chart. */
export function intervalOf({ from, to }: Span, weekStart: 'monday' | 'sunday'): Interval {
  const days = (Date.parse(to) - Date.parse(from)) / DAY;
  return days <= 100 ? 'day' : days <= 800 ? weekStart : 'month';
}

/** First day of the span of time that a day is in. */
export function spanOf(day: string, interval: Interval): string {
  if (interval === 'day') return day;
  if (interval === 'month') return `${day.slice(0, 7)}-01`;
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + (interval === 'monday' ? 6 : 0)) % 7));
  return date.toISOString().slice(0, 10);
}

/** From the beginning of the first span to the end of the last. */
export function domainOf({ from, to }: Span, interval: Interval): [Date, Date] {
  const last = new Date(spanOf(to, interval));
  if (interval === 'month') last.setUTCMonth(last.getUTCMonth() + 1);
  else last.setUTCDate(last.getUTCDate() + (interval === 'day' ? 1 : 7));
  return [new Date(spanOf(from, interval)), last];
}

export const spanName = (interval: Interval): string =>
  ({ day: 'day', monday: 'week', sunday: 'week', month: 'month' })[interval];

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export const weekdaysFrom = (weekStart: 'monday' | 'sunday'): readonly string[] =>
  weekStart === 'sunday' ? [WEEKDAYS[6], ...WEEKDAYS.slice(0, 6)] : WEEKDAYS;
