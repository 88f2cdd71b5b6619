import { element } from '../page/element.ts';
import { panel } from '../page/panel.ts';
import { drawTotalsOf } from '../page/totals.ts';
import { sumOf, sumsBy, type Choice, type Response } from './responses.ts';

/** The sums of what the reader chose, announced when they change. */
export function drawChosen(chosen: readonly Response[], { from, to, isEverything }: Choice): HTMLElement {
  const title = isEverything ? `All days, ${from} to ${to}` : from === to ? from : `${from} to ${to}`;
  return drawSums(title, chosen.length > 0 ? drawTotalsOf(sumOf(chosen), sumsBy(chosen, 'model')[0]) : [NOTHING()]);
}

/** A panel of figures. */
export function drawSums(title: string, content: readonly HTMLElement[]): HTMLElement {
  const made = panel(title, 'whole', '', ...content);
  made.classList.add('totals');
  made.setAttribute('aria-live', 'polite');
  return made;
}

const NOTHING = (): HTMLElement =>
  element(
    'p',
    { class: 'quiet' },
    'No usage in these days with these filters. "clawtrace sources" shows where clawtrace looked.',
  );
