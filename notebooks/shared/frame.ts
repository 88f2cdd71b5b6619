import { element, nameOf } from '../page/element.ts';
import { formatCount, plainText } from '../page/format.ts';
import type { Response } from './responses.ts';

/** The row of about.parquet. */
export interface About {
  readonly today: string;
  readonly made_at: string;
  readonly timezone: string;
  readonly week_start: 'monday' | 'sunday';
}

const NOTEBOOKS = { costs: 'Costs', anomalies: 'Anomalies', sessions: 'Sessions', cache: 'Cache', prices: 'Prices' };

/** The head of a notebook: links, title and summary, and the data behind it. */
export function drawHead(title: string, sentence: string, about: About, responses: readonly Response[]): HTMLElement {
  const options = (document.body.dataset.options ?? '').split(' ').filter((option) => option !== '');
  const isDemo = options.includes('--demo');
  const narrowed = options.filter((option) => option !== '--demo').join(' ');
  return element(
    'header',
    {},
    element('nav', { 'aria-label': 'Notebooks' }, element('strong', {}, 'clawtrace'), ...drawLinks()),
    element('h1', {}, title, isDemo && element('span', { class: 'tag' }, 'sample logs')),
    element('p', {}, sentence),
    element(
      'p',
      {},
      element('strong', {}, 'List price: an estimate from local logs, not a bill.'),
      ` ${formatCount(responses.length)} responses, as of ${about.made_at} (${about.timezone}).`,
      narrowed !== '' && ' Exported with ',
      narrowed !== '' && nameOf(plainText(narrowed)),
      narrowed !== '' && '.',
    ),
  );
}

function drawLinks(): HTMLElement[] {
  const here = location.pathname.split('/').at(-1);
  return Object.entries(NOTEBOOKS).map(([name, title]) =>
    element('a', { href: `./${name}.html`, 'aria-current': here === `${name}.html` ? 'page' : undefined }, title),
  );
}
