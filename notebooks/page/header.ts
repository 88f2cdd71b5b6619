import { type Facts, type Report } from './data.ts';
import { element, nameOf } from './element.ts';
import { formatCount, plainText } from './format.ts';

export function drawHeader(facts: Facts, reports: ReadonlyMap<string, Report>): HTMLElement {
  const responses = sum(reports.get('rollup')!, 'responses');
  const narrowed = Object.entries(facts.narrowed).map(
    ([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`,
  );
  return element(
    'header',
    {},
    element('p', { class: 'brand' }, 'clawtrace', facts.is_demo && element('span', { class: 'tag' }, 'sample logs')),
    element('h1', {}, 'What your AI coding agents cost'),
    element(
      'p',
      {},
      element('strong', {}, 'List price: an estimate from local logs, not your bill.'),
      ` ${formatCount(responses)} responses in ${formatCount(facts.files)} log files, as of ${facts.made_at} (${facts.timezone}).`,
    ),
    narrowed.length > 0 && element('p', {}, 'Only ', nameOf(plainText(narrowed.join(', '))), '.'),
  );
}

export function drawFooter({ version, prices, timezone }: Facts): HTMLElement {
  return element(
    'footer',
    {},
    element(
      'p',
      {},
      `clawtrace ${version}, price table ${prices.version} (${formatCount(prices.rows)} prices). `,
      `Days are in ${timezone}. Amounts are rounded only for display. `,
      'This page is one file: it loads nothing and sends nothing.',
    ),
  );
}

const sum = (table: Report, column: string): number =>
  (table.values.get(column) as readonly number[]).reduce((total, value) => total + value, 0);
