import { makeChoice } from '../page/choice.ts';
import { makeControlRow } from '../page/control-row.ts';
import { makeRange } from '../page/range.ts';
import { nameIn, type Choice, type Response } from './responses.ts';

type More = Readonly<Record<string, HTMLFormElement & { value: unknown }>>;

/** Range, project, model, and other inputs of a notebook, in one row: for view(). */
export function chooseResponses<Inputs extends More>(
  responses: readonly Response[],
  today: string,
  more: Inputs = {} as Inputs,
): HTMLElement & { value: Choice & { [Name in keyof Inputs]: Inputs[Name]['value'] } } {
  const days = responses.map(({ day }) => day).filter((day) => day !== null);
  const range = makeRange({ firstDay: least(days), lastDay: most(days) }, today);
  const project = makeChoice('Project', namesOf(responses, 'project'));
  const model = makeChoice('Model', namesOf(responses, 'model'));
  const inputs = [
    ...range.inputs,
    { input: project, name: '' },
    { input: model, name: '' },
    ...Object.entries(more).map(([name, input]) => ({ input, name })),
  ];
  const valueOf = (): object => ({
    ...range.days(),
    project: project.value,
    model: model.value,
    ...Object.fromEntries(Object.entries(more).map(([name, input]) => [name, input.value])),
  });
  return Object.defineProperty(
    makeControlRow(inputs, () => undefined),
    'value',
    { get: valueOf },
  ) as never;
}

/** Inputs of a part of the notebook, or of one that is not about responses. */
export function chooseOf<Inputs extends More>(
  more: Inputs,
): HTMLElement & { value: { [Name in keyof Inputs]: Inputs[Name]['value'] } } {
  const inputs = Object.entries(more).map(([name, input]) => ({ input, name }));
  const valueOf = (): object => Object.fromEntries(Object.entries(more).map(([name, input]) => [name, input.value]));
  return Object.defineProperty(
    makeControlRow(inputs, () => undefined),
    'value',
    { get: valueOf },
  ) as never;
}

const namesOf = (responses: readonly Response[], dimension: 'project' | 'model'): string[] =>
  [...new Set(responses.map((response) => nameIn(response, dimension)))].sort();

const least = (days: readonly string[]): string | undefined =>
  days.length > 0 ? days.reduce((a, b) => (a < b ? a : b)) : undefined;

const most = (days: readonly string[]): string | undefined =>
  days.length > 0 ? days.reduce((a, b) => (a > b ? a : b)) : undefined;
