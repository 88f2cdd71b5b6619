import type { ArgDef, ArgsDef } from 'citty';
import { FILTERS } from '../catalog/reserved.ts';
import { SOURCES } from '../sources/source.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

export const DIMENSIONS = ['model', 'provider', 'project', 'agent', 'source', 'branch'] as const;

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
  'no-archive': { type: 'boolean', description: 'Count only what the logs still contain, and keep nothing of it' },
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
  'memory-limit': {
    type: 'string',
    valueHint: '1GB',
    description: 'Most memory for the query, 100MB at least; the program takes up to 500 MB more',
  },
} as const satisfies ArgsDef;

/** Options that may be given several times, and arguments that take all that are left. */
export const REPEATABLE = new Set<ArgDef>([
  KEYS_ARG,
  ...FILTERS.map((name) => FILTER_ARGS[name]),
  SETTING_ARGS.logs,
  SETTING_ARGS.archive,
  QUERY_ARGS.param,
]);
