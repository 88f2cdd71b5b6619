import * as Inputs from '@observablehq/inputs';
import { makeChoice } from './choice.ts';
import { makeControlRow } from './control-row.ts';
import { makeRange } from './range.ts';
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

/** The inputs of the page, and what they say together. */
export function makeControls(
  usage: Usage,
  today: string,
  onChange: (view: View) => void,
): { form: HTMLElement; view: () => View } {
  const range = makeRange(usage, today);
  const project = makeChoice('Project', namesOf(usage, 'project'));
  const model = makeChoice('Model', namesOf(usage, 'model'));
  const split = Inputs.radio<Split>([...DIMENSIONS, 'token kind'], { label: 'Split by', value: 'model' });
  const measure = Inputs.radio<Measure>(['cost', 'tokens'], { label: 'Measure', value: 'cost' });
  const view = (): View => {
    const { isEverything, ...days } = range.days();
    const isTokens = split.value === 'token kind' || measure.value === 'tokens';
    return {
      selection: { ...days, project: project.value, model: model.value },
      isEverything,
      split: split.value,
      measure: isTokens ? 'tokens' : 'cost',
    };
  };
  const inputs = [
    ...range.inputs,
    { input: project, name: '' },
    { input: model, name: '' },
    { input: split, name: 'Split by' },
    { input: measure, name: 'Measure' },
  ];
  return { form: makeControlRow(inputs, () => onChange(view())), view };
}

const namesOf = ({ table }: Usage, column: string): string[] =>
  [...new Set(table.values.get(column)!.map((name) => (name ?? '') as string))].sort();
