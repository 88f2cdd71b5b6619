import * as Inputs from '@observablehq/inputs';
import { plainText, UNKNOWN } from './format.ts';

/** One of many, or all of them. */
export function makeChoice(label: string, names: readonly string[]): HTMLFormElement & { value: string | null } {
  return Inputs.select<string | null>([null, ...names], {
    label,
    value: null,
    format: (name) => (name === null ? `all ${names.length}` : plainText(name) || UNKNOWN),
  });
}
