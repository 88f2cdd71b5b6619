import { element } from './element.ts';

/** A row of inputs, each with the name of its group where it has several buttons. */
export function makeControlRow(
  inputs: readonly { readonly input: HTMLFormElement; readonly name: string }[],
  onInput: () => void,
): HTMLElement {
  const row = element('section', { class: 'controls', 'aria-label': 'What to show' });
  for (const { input, name } of inputs) {
    if (name) input.setAttribute('role', 'group');
    if (name) input.setAttribute('aria-label', name);
    input.addEventListener('submit', (event) => event.preventDefault());
    input.addEventListener('input', onInput);
    row.append(input);
  }
  return row;
}
