import { cellOf, rowNamed, type Report } from './data.ts';
import { element } from './element.ts';
import { exactMoney, formatMoney, parseMoney } from './money.ts';
import { UNKNOWN } from './format.ts';

/** Costs of the current and last periods, whatever the reader chooses below. */
export function drawHeadlines(reports: ReadonlyMap<string, Report>): HTMLElement {
  const [pace, status] = [reports.get('pace'), reports.get('status')];
  const cards = [
    card('Today', 'today', status, paceOf(pace, 'today', 'yesterday by this time')),
    card('Yesterday', 'yesterday', status, ''),
    card('This week', 'this week', status, paceOf(pace, 'this week', 'last week by this day')),
    card('This month', 'this month', status, paceOf(pace, 'this month', 'last month by this day')),
    card('Last month', 'last month', status, ''),
    projection(reports.get('projected')),
    budget(reports.get('budget')),
  ];
  return element('section', { class: 'cards', 'aria-label': 'Up to now' }, ...cards);
}

function card(label: string, period: string, status: Report | undefined, note: string): HTMLElement | null {
  const row = status ? rowNamed(status, period) : -1;
  if (!status || row < 0) return null;
  const cost = cellOf(status, 'cost', row) as string | null;
  const unpriced = cellOf(status, 'unpriced_responses', row) as number;
  return element(
    'div',
    { class: 'card' },
    element('h2', {}, label),
    element(
      'p',
      {
        class: 'figure',
        'data-report': 'status',
        'data-key': period,
        'data-exact': cost === null ? undefined : exactMoney(parseMoney(cost)),
      },
      cost === null ? UNKNOWN : formatMoney(parseMoney(cost)),
    ),
    note !== '' && element('p', { class: 'note' }, note),
    unpriced > 0 &&
      element('p', { class: 'note warn' }, `${unpriced.toLocaleString('en-US')} responses without a price`),
  );
}

/** How it compares with the same part of the previous period. */
function paceOf(pace: Report | undefined, period: string, before: string): string {
  const row = pace ? rowNamed(pace, period) : -1;
  if (!pace || row < 0) return '';
  const previous = cellOf(pace, 'previous_cost', row) as string | null;
  const change = cellOf(pace, 'change', row) as string | null;
  if (previous === null) return `${before}: ${UNKNOWN}`;
  const amount = formatMoney(parseMoney(previous));
  if (change === null) return `${before}: ${amount}`;
  const size = change.replace('-', '');
  return `${change.startsWith('-') ? '▼' : '▲'} ${size} % against ${amount} ${before}`;
}

function projection(projected: Report | undefined): HTMLElement | null {
  const row = projected && projected.size > 0 ? 0 : -1;
  const cost = projected ? (cellOf(projected, 'by_weekday', row) as string | null) : null;
  if (!projected || cost === null) return null;
  const [low, high] = ['low', 'high'].map((name) => moneyOf(cellOf(projected, name, row) as string | null));
  return element(
    'div',
    { class: 'card' },
    element('h2', {}, 'Projected cost of this month'),
    element(
      'p',
      { class: 'figure', 'data-report': 'projected', 'data-exact': exactMoney(parseMoney(cost)) },
      moneyOf(cost),
    ),
    element('p', { class: 'note' }, `by weekday, from ${low} to ${high}`),
  );
}

/** The month's budget for everything, where one is set. */
function budget(report: Report | undefined): HTMLElement | null {
  const months = Array.from({ length: report?.size ?? 0 }, (_, row) => row).filter(
    (row) => cellOf(report!, 'scope', row) === 'all' && cellOf(report!, 'period', row) === 'month',
  );
  const [row] = months;
  const amount = row === undefined ? null : (cellOf(report!, 'budget', row) as string | null);
  if (row === undefined || amount === null) return null;
  const used = Number(cellOf(report!, 'percent_used', row));
  const meter = element('meter', {
    min: 0,
    max: 100,
    low: 60,
    high: 85,
    optimum: 0,
    value: used,
    'aria-label': 'Budget used',
  });
  return element(
    'div',
    { class: 'card' },
    element('h2', {}, 'Monthly budget'),
    element('p', { class: 'figure', 'data-report': 'budget' }, `${used} %`),
    meter,
    element(
      'p',
      { class: 'note' },
      `of ${moneyOf(amount)}, ${moneyOf(cellOf(report!, 'remaining', row) as string | null)} left`,
    ),
  );
}

const moneyOf = (cost: string | null): string => (cost === null ? UNKNOWN : formatMoney(parseMoney(cost)));
