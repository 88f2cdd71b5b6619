import { element } from './element.ts';

let count = 0;

/** A titled part of the page. */
export function panel(
  title: string,
  width: 'whole' | 'half',
  note: string,
  ...children: (Node | string)[]
): HTMLElement {
  const id = `panel-${++count}`;
  return element(
    'section',
    { class: `panel ${width}`, 'aria-labelledby': id },
    element('h2', { id }, title),
    note !== '' && element('p', { class: 'note' }, note),
    ...children,
  );
}

/** The figures behind a chart. */
export const figures = (content: HTMLElement): HTMLElement =>
  element('details', {}, element('summary', {}, 'The figures as a table'), content);
