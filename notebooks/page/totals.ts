import { exactCost, type Named } from './breakdown.ts';
import { element, nameOf } from './element.ts';
import { formatCount, formatShare, formatShort, moneyText, nameText } from './format.ts';
import { approximate } from './money.ts';
import { costOf, type Sums } from './usage.ts';

/** What was chosen, in a few numbers; the driver has the largest part of the cost. */
export function drawTotalsOf(sums: Sums, driver: Named | undefined): HTMLElement[] {
  const prompt = sums.tokens.input_tokens + sums.tokens.cache_read_tokens + sums.tokens.cache_write_tokens;
  const share = driver && sums.cost > 0n ? approximate(driver[1].cost) / approximate(sums.cost) : NaN;
  return [
    element(
      'dl',
      {},
      drawFigure('Cost', moneyText(costOf(sums)), 'cost', exactCost(sums)),
      drawFigure('Responses', formatCount(sums.responses), 'responses', String(sums.responses)),
      drawFigure('Tokens', formatShort(sums.total_tokens), 'total_tokens', String(sums.total_tokens)),
      drawFigure('Prompt tokens from cache', formatShare(sums.tokens.cache_read_tokens / prompt), 'cache', undefined),
      driver && Number.isFinite(share)
        ? drawFigure(
            'Top driver',
            element('span', {}, nameOf(nameText(driver[0])), ` ${formatShare(share)}`),
            'driver',
            undefined,
          )
        : null,
      sums.unpriced > 0
        ? drawFigure('Without a price', formatCount(sums.unpriced), 'unpriced_responses', String(sums.unpriced))
        : null,
    ),
  ];
}

/** One number with its name, and all its digits. */
export function drawFigure(label: string, value: string | Node, key: string, all: string | undefined): HTMLElement {
  return element('div', {}, element('dt', {}, label), element('dd', { 'data-total': key, 'data-exact': all }, value));
}
