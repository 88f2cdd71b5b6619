/** Filters of every report of the logs, by the name of their option. */
export const FILTERS = ['source', 'provider', 'model', 'project', 'agent', 'session', 'branch'] as const;

export const isFilter = (name: string): boolean => (FILTERS as readonly string[]).includes(name);

/** Other options that a report can have, and keys of its JSON's params: no parameter can have one of these names. */
const OPTIONS = [
  'since',
  'until',
  'last',
  'last-days',
  'today',
  'breakdown',
  'week-start',
  'logs',
  'demo',
  'archive',
  'no-archive',
  'timezone',
  'config',
  'format',
  'json',
  'output',
  'partition-by',
  'excel',
  'interval',
  'help',
  'version',
];

export const isReserved = (option: string): boolean => OPTIONS.includes(option);
