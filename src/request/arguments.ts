import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ArgDef, ArgsDef } from 'citty';
import { daysOf, optionName, valueError, type Param } from '../catalog/param.ts';
import { FILTERS } from '../catalog/reserved.ts';
import { zoneError } from '../settings/config.ts';
import { ClawtraceError } from '../errors.ts';
import { SOURCES } from '../sources/source.ts';
import { suggestion } from '../suggestion.ts';

export type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

const DIMENSIONS = ['model', 'provider', 'project', 'agent', 'source', 'branch'] as const;

/** Where the logs are and how days are counted. */
export const SETTING_ARGS = {
  logs: {
    type: 'string',
    valueHint: '[SOURCE=]GLOB',
    description: 'Read these files instead of the usual folders (repeatable)',
  },
  demo: { type: 'boolean', description: 'Read the sample logs that come with clawtrace' },
  archive: {
    type: 'string',
    valueHint: 'FOLDER',
    description: 'Add the archives in these folders (or globs) to the logs; default: your own (repeatable)',
  },
  'no-archive': { type: 'boolean', description: 'Count only what the logs still contain' },
  timezone: {
    type: 'string',
    alias: 'z',
    valueHint: 'ZONE',
    description: "Time zone of days, such as Europe/Berlin; default: the system's",
  },
  config: {
    type: 'string',
    valueHint: 'FILE',
    description: 'Config file; default: clawtrace/config.toml in your config folder',
  },
} as const satisfies ArgsDef;

/** What is counted: the same for every report. */
export const FILTER_ARGS = {
  since: { type: 'string', alias: 's', valueHint: 'DAY', description: 'First day, YYYY-MM-DD or YYYYMMDD' },
  until: { type: 'string', alias: 'u', valueHint: 'DAY', description: 'Last day, inclusive' },
  last: { type: 'string', valueHint: '7d', description: 'The last days or weeks up to today: 7d, 4w' },
  today: { type: 'boolean', description: 'Only today' },
  source: {
    type: 'string',
    valueHint: 'NAME',
    description: `Only these sources: ${SOURCES.map((source) => source.name).join(', ')} (repeatable, as all filters)`,
  },
  provider: { type: 'string', valueHint: 'NAME', description: 'Only these providers' },
  model: { type: 'string', valueHint: 'TEXT', description: 'Only models whose name contains the text' },
  project: { type: 'string', valueHint: 'NAME', description: 'Only these projects, by path or by the end of it' },
  agent: { type: 'string', valueHint: 'NAME', description: 'Only these agents' },
  session: { type: 'string', valueHint: 'ID', description: 'Only these sessions, by the start of the id' },
  branch: { type: 'string', valueHint: 'NAME', description: 'Only these git branches' },
} as const satisfies ArgsDef;

export const FORMAT_ARGS = {
  format: { type: 'enum', options: [...FORMATS], description: 'How to print' },
  json: { type: 'boolean', alias: 'j', description: 'Short for --format json' },
} as const satisfies ArgsDef;

export const WEEK_ARGS = {
  'week-start': { type: 'enum', options: ['monday', 'sunday'], description: 'First day of a week' },
} as const satisfies ArgsDef;

export const BREAKDOWN_ARGS = {
  breakdown: {
    type: 'string',
    alias: 'b',
    valueHint: 'WHAT',
    description: `Split each row by ${DIMENSIONS.join(', ')}; -b is short for --breakdown=model`,
  },
} as const satisfies ArgsDef;

/** One or more alerts. */
export const KEYS_ARG = {
  type: 'positional',
  required: false,
  description: 'keys of alerts, or parts of keys that match only one',
} as const satisfies ArgDef;

/** What a query may do, and how long. */
export const QUERY_ARGS = {
  file: { type: 'string', alias: 'f', valueHint: 'FILE', description: 'Read the SQL from a file; - is standard input' },
  param: {
    type: 'string',
    valueHint: 'NAME=VALUE',
    description: 'A value for $NAME in the SQL, as text (repeatable); cast it to calculate with it: $NAME::int',
  },
  write: { type: 'boolean', description: 'Turn the protection off: any statement, any file' },
  timeout: { type: 'string', valueHint: 'SECONDS', description: 'Stop after this time' },
  'memory-limit': { type: 'string', valueHint: '1GB', description: 'Use no more memory than this, 100MB at least' },
} as const satisfies ArgsDef;

/** Options that may be given several times, and arguments that take all that are left. */
const REPEATABLE = new Set<ArgDef>([
  KEYS_ARG,
  ...FILTERS.map((name) => FILTER_ARGS[name]),
  SETTING_ARGS.logs,
  SETTING_ARGS.archive,
  QUERY_ARGS.param,
]);

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

export function optionsOf(definition: ArgsDef): NodeOptions {
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

/** The window and filters of a command line, checked, as the variables that SQL reads. */
export interface Selection {
  readonly since: string | null;
  readonly until: string | null;
  readonly last_days: number | null;
  /** How old a day must be for clawtrace archive to keep or to delete it. */
  readonly before_days: number | null;
  readonly filters: Readonly<Record<string, readonly string[] | null>>;
}

export function readSelection(values: Values): Selection {
  const since = values.since === undefined ? null : readDay(values.since as string, 'since');
  const until = values.until === undefined ? null : readDay(values.until as string, 'until');
  const last_days = values.today ? 1 : values.last === undefined ? null : readDays(values.last as string, 'last');
  const before_days = values.before === undefined ? null : readDays(values.before as string, 'before');
  if ([values.today, values.last, since ?? until].filter(Boolean).length > 1) {
    throw new ClawtraceError('--today, --last and --since/--until exclude each other. Use one of them.');
  }
  if (since && until && since > until) throw new ClawtraceError(`--since ${since} is after --until ${until}.`);
  const filters = Object.fromEntries(
    FILTERS.map((name) => [name, Array.isArray(values[name]) ? readFilter(name, values[name] as string[]) : null]),
  );
  return { since, until, last_days, before_days, filters };
}

function readFilter(name: string, given: string[]): string[] {
  for (const value of name === 'source' ? given : []) {
    if (!SOURCES.some((source) => source.name === value)) {
      throw new ClawtraceError(
        `there is no source '${value}'. Known: ${SOURCES.map((source) => source.name).join(', ')}.`,
      );
    }
  }
  // every name contains the empty text: the filter would let everything through
  if (given.includes('')) throw new ClawtraceError(`--${name} needs a value that is not empty.`);
  return given.map((value) => value.toLowerCase());
}

function readDay(text: string, option: string): string {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  const day = parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : '';
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    throw new ClawtraceError(`--${option} is not a day: '${text}'. Use YYYY-MM-DD, such as 2026-05-01.`);
  }
  return day;
}

/** A number of days, as 7, 7d or 4w. */
function readDays(text: string, option: string): number {
  const days = daysOf(text);
  if (!days) throw new ClawtraceError(`--${option} is not a number of days: '${text}'. Use 7d or 4w.`);
  return days;
}

export function readZone(values: Values, fallback: string): string {
  const zone = (values.timezone as string | undefined) ?? fallback;
  const problem = zoneError(zone);
  if (problem) throw new ClawtraceError(`there is no time zone '${zone}'. Use ${problem}.`);
  return zone;
}

export function readFormat(values: Values): Format {
  if (values.json && values.format !== undefined && values.format !== 'json')
    throw new ClawtraceError(`--json and --format ${values.format as string} exclude each other. Use one of them.`);
  return values.json ? 'json' : ((values.format as Format | undefined) ?? 'table');
}

/** The values of $NAME in a query. */
export function readQueryParams(values: Values): Record<string, string> {
  return Object.fromEntries(
    ((values.param as string[] | undefined) ?? []).map((text) => {
      const match = /^(\w+)=([^]*)$/.exec(text);
      if (!match) throw new ClawtraceError(`--param must be NAME=VALUE, not '${text}'.`);
      return [match[1]!, match[2]!];
    }),
  );
}

export function readTimeout(values: Values): number | undefined {
  const text = values.timeout as string | undefined;
  if (text !== undefined && (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || Number(text) === 0))
    throw new ClawtraceError(`--timeout must be a number of seconds, not '${text}'.`);
  return text === undefined ? undefined : Number(text);
}

/** With less, DuckDB cannot even register the views. */
const LEAST_MEMORY = 100e6;

/** In bytes; K, M, G and T are powers of 1000, with an i of 1024. */
export function readMemoryLimit(values: Values): number | undefined {
  const text = values['memory-limit'] as string | undefined;
  if (text === undefined) return undefined;
  const [, size, unit, binary] = /^(\d{1,6}(?:\.\d{1,3})?) ?([KMGT])(i?)B$/i.exec(text) ?? [];
  if (size === undefined)
    throw new ClawtraceError(`--memory-limit must be a size such as 500MB or 2GB, not '${text}'.`);
  const bytes = Math.round(Number(size) * (binary ? 1024 : 1000) ** ('KMGT'.indexOf(unit!.toUpperCase()) + 1));
  if (bytes < LEAST_MEMORY) throw new ClawtraceError(`--memory-limit must be 100MB or more, not '${text}'.`);
  return bytes;
}

/** [SOURCE=]GLOB, where only the name of a source counts as SOURCE: a folder may be named like year=2026. */
export function readLogGlobs(given: readonly string[]): { source: string; glob: string }[] {
  return given.map((text) => {
    const source = SOURCES.find((known) => text.startsWith(`${known.name}=`))?.name ?? '';
    const [folder] = text.split(/[/\\]/);
    const unknown = source ? undefined : /^(\w+)=[^*?[{]*$/.exec(folder!)?.[1];
    if (unknown && !existsSync(folder!)) {
      const known = SOURCES.map(({ name }) => name).join(', ');
      throw new ClawtraceError(`--logs ${text}: there is no source '${unknown}', and no such file. Known: ${known}.`);
    }
    return { source, glob: source ? text.slice(source.length + 1) : text };
  });
}
