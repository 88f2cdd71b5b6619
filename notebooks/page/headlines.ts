import { cellOf, rowNamed, type Report } from './data.ts';
import { element } from './element.ts';
import { exactMoney, formatMoney, parseMoney } from './money.ts';
import { UNKNOWN } from './format.ts';

/** What the periods up to now cost, whatever the reader chooses below. */
export function drawHeadlines(reports: ReadonlyMap<string, Report>): HTMLElement {
  const [pace, status] = [reports.get('pace'), reports.get('status')];
  const cards = [
    card('Today', 'today', status, paceOf(pace, 'today', 'yesterday by this time')),
    card('Yesterday', 'yesterday', status, ''),
    card('This week', 'this week', status, paceOf(pace, 'this week', 'last week by this day')),
    card('This month', 'this month', status, paceOf(pace, 'this month', 'last month by this day')),
    card('Last month', 'last month', status, ''),
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

/** How it stands against the same part of the time before. */
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
