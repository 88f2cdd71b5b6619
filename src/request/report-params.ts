import type { ArgDef, ArgsDef } from 'citty';
import { daysOf, optionName, valueError, type Param } from '../catalog/param.ts';
import { ClawtraceError } from '../errors.ts';
import type { Values } from './arguments.ts';

/** A report's own parameters, as options and arguments. One with the name of a filter takes its place: its header says so. */
export function paramArgs(params: readonly Param[]): ArgsDef {
  return Object.fromEntries(params.map((param) => [optionName(param), paramArg(param)]));
}

function paramArg(param: Param): ArgDef {
  const description = describeParam(param);
  if (param.isArgument) return { type: 'positional', required: param.isRequired, description };
  if (param.type === 'boolean') return { type: 'boolean', description };
  return {
    type: 'string',
    required: param.isRequired,
    description,
    valueHint: VALUE_HINTS[param.type] ?? param.name.toUpperCase(),
  };
}

const VALUE_HINTS: Partial<Record<Param['type'], string>> = { days: '7d', integer: 'N', number: 'N' };

/** What a parameter does, the values it may have, and the one it has if none is given. */
export function describeParam({ description, choices, default: fallback }: Param): string {
  const notes = [...(choices.length > 0 ? [choices.join(', ')] : []), ...(fallback ? [`default: ${fallback}`] : [])];
  const text = description.replace(/\.$/, '');
  return notes.length > 0 ? `${text} (${notes.join('; ')})` : text;
}

/** The values of a report's own parameters, checked. */
export function readParams(params: readonly Param[], values: Values): Record<string, string | boolean | null> {
  return Object.fromEntries(
    params.map((param) => {
      const value = (values[optionName(param)] as string | boolean | undefined) ?? (param.default || null);
      const problem = typeof value === 'string' ? valueError(param, value) : undefined;
      if (problem) {
        const name = param.isArgument ? param.name.toUpperCase() : `--${optionName(param)}`;
        throw new ClawtraceError(`${name} must be ${problem}, not '${value}'.`);
      }
      return [param.name, param.type === 'days' && value ? String(daysOf(value as string)) : value];
    }),
  );
}
