import * as Inputs from '@observablehq/inputs';
import { element } from './element.ts';
import { plainText, UNKNOWN } from './format.ts';
import { DIMENSIONS, type Dimension, type Selection, type Usage } from './usage.ts';

export type Split = Dimension | 'token kind';
export type Measure = 'cost' | 'tokens';

/** What the page shows: the reader's selection, and how it is drawn. */
export interface View {
  readonly selection: Selection;
  readonly isEverything: boolean;
  readonly split: Split;
  readonly measure: Measure;
}

const RANGES = ['7 days', '30 days', '90 days', 'all', 'custom'] as const;
type Range = (typeof RANGES)[number];

/** The inputs of the page, and what they say together. */
export function makeControls(
  usage: Usage,
  today: string,
  onChange: (view: View) => void,
): { form: HTMLElement; view: () => View } {
  const firstDay = usage.firstDay ?? today;
  const lastDay = usage.lastDay !== undefined && usage.lastDay > today ? usage.lastDay : today;
  const range = Inputs.radio<Range>(RANGES, { label: 'Range', value: 'all' });
  const from = Inputs.date({ label: 'From', value: new Date(firstDay) });
  const to = Inputs.date({ label: 'To', value: new Date(lastDay) });
  const project = choice('Project', namesOf(usage, 'project'));
  const model = choice('Model', namesOf(usage, 'model'));
  const split = Inputs.radio<Split>([...DIMENSIONS, 'token kind'], { label: 'Split by', value: 'model' });
  const measure = Inputs.radio<Measure>(['cost', 'tokens'], { label: 'Measure', value: 'cost' });
  const view = (): View => {
    const days = daysOf(range.value, { from: iso(from.value), to: iso(to.value), firstDay, lastDay, today });
    const isTokens = split.value === 'token kind' || measure.value === 'tokens';
    return {
      selection: { ...days, project: project.value, model: model.value },
      isEverything: range.value === 'all',
      split: split.value,
      measure: isTokens ? 'tokens' : 'cost',
    };
  };
  const showDays = (): void => {
    for (const input of [from, to]) input.hidden = range.value !== 'custom';
  };
  showDays();
  const form = element('section', { class: 'controls', 'aria-label': 'What to show' });
  for (const [input, name] of [
    [range, 'Range'],
    [from, ''],
    [to, ''],
    [project, ''],
    [model, ''],
    [split, 'Split by'],
    [measure, 'Measure'],
  ] as const) {
    if (name) input.setAttribute('role', 'group');
    if (name) input.setAttribute('aria-label', name);
    input.addEventListener('submit', (event) => event.preventDefault());
    input.addEventListener('input', () => {
      showDays();
      onChange(view());
    });
    form.append(input);
  }
  return { form, view };
}

/** One of many, or all of them. */
function choice(label: string, names: readonly string[]): HTMLFormElement & { value: string | null } {
  return Inputs.select<string | null>([null, ...names], {
    label,
    value: null,
    format: (name) => (name === null ? `all ${names.length}` : plainText(name) || UNKNOWN),
  });
}

const namesOf = ({ table }: Usage, column: string): string[] =>
  [...new Set(table.values.get(column)!.map((name) => (name ?? '') as string))].sort();

interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly today: string;
}

function daysOf(range: Range, { from, to, firstDay, lastDay, today }: Days): { from: string; to: string } {
  if (range === 'all') return { from: firstDay, to: lastDay };
  if (range === 'custom') return { from: from ?? firstDay, to: to ?? lastDay };
  const start = new Date(today);
  start.setUTCDate(start.getUTCDate() - Number.parseInt(range, 10) + 1);
  return { from: iso(start)!, to: today };
}

const iso = (date: Date | null): string | undefined => date?.toISOString().slice(0, 10);
