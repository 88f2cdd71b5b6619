import { suggestion } from '../suggestion.ts';
import { isFilter, isReserved } from './reserved.ts';
import { refuse, type Tag } from './tag.ts';

/** A parameter of a report: an option of its command, or an argument. */
export interface Param {
  readonly name: string;
  readonly type: 'boolean' | 'integer' | 'number' | 'days' | 'text';
  readonly description: string;
  /** Given as an argument, not as an option. */
  readonly isArgument: boolean;
  /** The values it may have; empty for any. */
  readonly choices: readonly string[];
  /** Its value when none is given; undefined: NULL, unless it is required. */
  readonly default: string | undefined;
  readonly isRequired: boolean;
}

const TYPES = { BOOLEAN: 'boolean', INTEGER: 'integer', NUMBER: 'number', DAYS: 'days', TEXT: 'text' } as const;
const TYPE_NAMES = Object.keys(TYPES);

export const optionName = ({ name }: Pick<Param, 'name'>): string => name.replaceAll('_', '-');

/** The variable that SQL reads a parameter from: its prefix keeps it from replacing one of ours. */
export const variableName = (param: string): string => `param_${param}`;

/** The parameters of a header. @replaces names those that take the place of a filter. */
export function parseParams(tags: readonly Tag[]): Param[] {
  const replaces = tags.find(({ name }) => name === 'replaces');
  const replaced = replaces?.text.split(/\s*,\s*/) ?? [];
  const params: Param[] = [];
  for (const tag of tags.filter(({ name }) => name === 'param' || name === 'argument')) {
    const param = parseParam(tag);
    if (params.some(({ name }) => name === param.name)) refuse(tag, `is the second parameter '${param.name}'.`);
    checkName(tag, param, replaced);
    params.push(param);
  }
  const missing = replaced.find((name) => !isFilter(name) || !params.some((param) => param.name === name));
  if (replaces && missing !== undefined) refuse(replaces, `needs a parameter that has the name of a filter.`);
  return params;
}

function checkName(tag: Tag, param: Param, replaced: readonly string[]): void {
  if (isFilter(param.name) && !replaced.includes(param.name))
    refuse(
      tag,
      `has the name of a filter: choose another, or add '@replaces ${param.name}' if the report should not have that filter.`,
    );
  if (isReserved(optionName(param))) refuse(tag, 'has the name of an option of clawtrace: choose another.');
}

/** name TYPE, optionally (a|b) for its choices and =default, or ! for required, then what it does. */
function parseParam(tag: Tag): Param {
  const match = /^([a-z][a-z0-9_]*)\s+([A-Za-z]+)(?:\(([^)]*)\))?(?:=(\S*)|(!))?\s+(.+)$/.exec(tag.text);
  const typeName = match?.[2] ?? '';
  if (!match || !TYPE_NAMES.includes(typeName)) {
    refuse(
      tag,
      `should be a name, one of ${TYPE_NAMES.join(', ')}, and what it does.${suggestion(typeName, TYPE_NAMES)}`,
    );
  }
  const isArgument = tag.name === 'argument';
  const param: Param = {
    name: match[1]!,
    type: TYPES[typeName as keyof typeof TYPES],
    description: match[6]!,
    isArgument,
    choices: match[3]?.split('|').map((choice) => choice.trim()) ?? [],
    default: match[4],
    isRequired: Boolean(match[5]) || (isArgument && match[4] === undefined),
  };
  checkValues(tag, param);
  return param;
}

/** Choices and default must be valid values. */
function checkValues(tag: Tag, param: Param): void {
  const { type, choices, default: fallback, isRequired, isArgument } = param;
  if (type === 'boolean' && (isArgument || choices.length > 0 || fallback !== undefined || isRequired))
    refuse(tag, 'is not possible: a BOOLEAN is an option without a value.');
  if (choices.includes('')) refuse(tag, 'has an empty choice.');
  const wrong = choices.find((choice) => valueError({ type, choices: [] }, choice));
  if (wrong !== undefined)
    refuse(tag, `has an invalid choice: it must be ${valueError({ type, choices: [] }, wrong)}, not '${wrong}'.`);
  if (fallback === '' && !isArgument) refuse(tag, "has an empty default: leave out '=' for none.");
  const problem = fallback ? valueError(param, fallback) : undefined;
  if (problem) refuse(tag, `has an invalid default: it must be ${problem}, not '${fallback}'.`);
}

/** What a value of a parameter should be; undefined if it is valid. */
export function valueError({ type, choices }: Pick<Param, 'type' | 'choices'>, value: string): string | undefined {
  if (choices.length > 0 && !choices.includes(value)) return `one of ${choices.join(', ')}`;
  if (type === 'integer' && !/^\d{1,9}$/.test(value)) return 'a whole number';
  if (type === 'days' && !daysOf(value)) return 'a number of days such as 7d or 4w';
  if (type === 'number' && !/^\d{1,9}(\.\d{1,6})?$/.test(value)) return 'a number such as 2.5';
  return undefined;
}

/** 7d, 4w or 7 as days; undefined for anything else. */
export function daysOf(text: string): number | undefined {
  const parts = /^(\d{1,5})([dw]?)$/.exec(text);
  return parts ? Number(parts[1]) * (parts[2] === 'w' ? 7 : 1) || undefined : undefined;
}
