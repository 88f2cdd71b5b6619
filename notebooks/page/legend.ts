import { element, nameOf } from './element.ts';

export interface LegendItem {
  readonly name: string;
  /** Without a colour, the item is a mark in the chart. */
  readonly color?: string;
  readonly mark?: string;
}

/** What the colours and marks of a chart mean. */
export function drawLegend(items: readonly LegendItem[]): HTMLElement {
  return element('ul', { class: 'legend', 'aria-label': 'Colours' }, ...items.map(drawItem));
}

function drawItem({ name, color, mark }: LegendItem): HTMLElement {
  if (color === undefined) return element('li', {}, element('span', { class: 'mark' }, mark ?? ''), name);
  const swatch = element('span', { class: 'swatch', 'aria-hidden': 'true' });
  swatch.style.background = color;
  return element('li', {}, swatch, nameOf(name));
}
