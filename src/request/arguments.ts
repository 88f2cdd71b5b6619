import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';
import { ClawtraceError } from '../errors.ts';
import { suggestion } from '../suggestion.ts';
import { DIMENSIONS, REPEATABLE } from './options.ts';

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Parses strictly: an unknown option or a surplus argument is an error, not a guess. */
export function parseStrict(definition: ArgsDef, args: readonly string[], command: string): Values {
  const positionals = Object.keys(definition).filter((name) => definition[name]!.type === 'positional');
  const parsed = parseNode(optionsOf(definition), args, command);
  const takesRest = positionals.length > 0 && REPEATABLE.has(definition[positionals.at(-1)!]!);
  if (parsed.positionals.length > positionals.length && !takesRest) {
    throw new ClawtraceError(
      `'${parsed.positionals[positionals.length]}' is an unexpected argument. See 'clawtrace ${command} --help'.`,
    );
  }
  const values: Values = { ...parsed.values };
  positionals.forEach((name, index) => (values[name] = parsed.positionals[index]));
  if (takesRest) values[positionals.at(-1)!] = parsed.positionals.slice(positionals.length - 1);
  const nameOf = (name: string): string => (positionals.includes(name) ? name.toUpperCase() : `--${name}`);
  const missing = Object.keys(definition).find((name) => values[name] === undefined && definition[name]!.required);
  if (missing) throw new ClawtraceError(`${command} needs ${nameOf(missing)}: ${definition[missing]!.description}`);
  const holdsNul = Object.keys(values).find((name) =>
    [values[name]].flat().some((value) => String(value).includes('\0')),
  );
  if (holdsNul) throw new ClawtraceError(`${nameOf(holdsNul)} holds a NUL character: no name has one.`);
  checkEnums(definition, values);
  return values;
}

/** The first argument that is neither an option nor the value of one: a verb, or what it is about. */
export function splitFirst(
  args: readonly string[],
  definition: ArgsDef,
): { first: string | undefined; rest: readonly string[] } {
  const options = optionsOf(definition);
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const token = tokens.find(({ kind }) => kind === 'positional');
  if (token?.kind !== 'positional') return { first: undefined, rest: args };
  return { first: token.value, rest: args.filter((_, index) => index !== token.index) };
}

type NodeOptions = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function optionsOf(definition: ArgsDef): NodeOptions {
  const options: NodeOptions = {};
  for (const [name, arg] of Object.entries(definition)) {
    if (arg.type === 'positional') continue;
    const short = 'alias' in arg ? String(arg.alias) : undefined;
    options[name] = {
      type: arg.type === 'boolean' ? 'boolean' : 'string',
      multiple: REPEATABLE.has(arg),
      ...(short ? { short } : {}),
    };
  }
  return options;
}

function parseNode(options: NodeOptions, args: readonly string[], command: string) {
  try {
    return parseArgs({ args: args.map(spellOut), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new ClawtraceError(`${optionError(error as Error, options)} See 'clawtrace ${command} --help'.`);
  }
}

function optionError({ message }: Error, options: NodeOptions): string {
  const unknown = /Unknown option '([^']+)'/.exec(message)?.[1];
  if (unknown) return `unknown option '${unknown}'.${suggestion(unknown, Object.keys(options))}`;
  const missing = /Option '(?:-\w, )?(--[\w-]+).*argument (?:missing|is ambiguous)/.exec(message)?.[1];
  return missing ? `${missing} needs a value.` : `${message.split('\n')[0]}.`;
}

/** The one option whose value may be left out. */
function spellOut(argument: string): string {
  return argument === '-b' || argument === '--breakdown' ? '--breakdown=model' : argument;
}

function checkEnums(definition: ArgsDef, values: Values): void {
  for (const [name, arg] of Object.entries(definition)) {
    const value = values[name];
    if (arg.type === 'enum' && value !== undefined && !arg.options?.includes(value as string)) {
      throw new ClawtraceError(`--${name} must be one of ${arg.options?.join(', ')}, not '${value}'.`);
    }
  }
  const dimension = values.breakdown as string | undefined;
  if (dimension !== undefined && !(DIMENSIONS as readonly string[]).includes(dimension)) {
    throw new ClawtraceError(`--breakdown must be one of ${DIMENSIONS.join(', ')}, not '${dimension}'.`);
  }
}
