import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, type TomlError } from 'smol-toml';
import { ClawtraceError } from '../errors.ts';
import { expandHome } from '../files/home.ts';
import { isMissing, readIfThere, whyUnreadable } from '../files/regular-file.ts';
import { SOURCES } from '../sources/source.ts';
import { configFolder } from './folders.ts';

/** The settings from file, environment and defaults together. */
export interface Config {
  readonly file: string;
  readonly timezone: string;
  readonly week_start: 'monday' | 'sunday';
  readonly machine: string;
  readonly sources: Readonly<Record<string, { readonly globs: readonly string[] }>>;
  /** Thresholds of the rules of alerts; false turns a rule off. */
  readonly alerts: Readonly<Record<string, number | false>>;
  readonly budget: Budget;
  readonly plan: Plan;
  readonly archive: Archiving;
}

/** What is kept of the logs without being asked. */
export interface Archiving {
  /** Whether reports add what they read to the archive. */
  readonly auto: boolean;
}

/** What may be spent, in dollars at list price. */
export interface Budget {
  readonly monthly?: number;
  readonly daily?: number;
  /** Dollars a month, by the name or path of a project. */
  readonly projects?: Readonly<Record<string, number>>;
  /** Dollars a month, by agent. */
  readonly agents?: Readonly<Record<string, number>>;
}

/** The subscription that is paid. */
export interface Plan {
  readonly name?: string;
  readonly monthly_usd?: number;
  readonly since?: string;
}

/** The first six under the names and with the values of the first clawtrace. */
const ALERTS: Config['alerts'] = {
  daily_budget_usd: 10,
  session_spike_usd: 5,
  hourly_burn_rate_usd: 3,
  hourly_request_volume: 200,
  hourly_token_volume: 2_000_000,
  session_duration_minutes: 180,
  monthly_budget_pct: 80,
  unpriced_responses: 0,
};

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Check = (value: unknown) => string | undefined;

const isText: Check = (value) =>
  typeof value === 'string' && value && !value.includes('\0') ? undefined : 'a text that is not empty, without NUL';
const isSwitch: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const isZone: Check = (value) => isText(value) ?? zoneError(value as string);
const isWeekStart: Check = (value) => (value === 'monday' || value === 'sunday' ? undefined : '"monday" or "sunday"');
const isGlobs: Check = (value) => {
  const isList = Array.isArray(value) && value.length > 0 && value.every((glob) => isText(glob) === undefined);
  return isList ? undefined : 'a list of one or more globs';
};

const isAmount: Check = (value) => {
  const isInRange = typeof value === 'number' && value > 0 && value < 1e12;
  return isInRange ? undefined : 'a number above 0';
};
const isThreshold: Check = (value) => {
  const isInRange = typeof value === 'number' && value >= 0 && value < 1e12;
  return value === false || isInRange ? undefined : 'a number, or false to turn the rule off';
};
const isDayText: Check = (value) => {
  const time = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : NaN;
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value as string);
  return isDay ? undefined : 'a day such as "2026-01-15"';
};
const isAmounts: Check = (value) => {
  const isAll = isTable(value) && Object.values(value).every((amount) => isAmount(amount) === undefined);
  return isAll ? undefined : 'a table of names and numbers above 0';
};

/** Tables of settings, and what each of their keys must be. */
const TABLES: Record<string, Record<string, Check>> = {
  alerts: Object.fromEntries(Object.keys(ALERTS).map((key) => [key, isThreshold])),
  budget: { monthly: isAmount, daily: isAmount, projects: isAmounts, agents: isAmounts },
  plan: { name: isText, monthly_usd: isAmount, since: isDayText },
  archive: { auto: isSwitch },
};

const KEYS: Record<string, Check> = { timezone: isZone, week_start: isWeekStart, machine: isText };

/** Reads the config file. A named file must exist; the default one need not. */
export function readConfig(named: string | undefined): Config {
  const file = named ? resolve(expandHome(named)) : join(configFolder(), 'config.toml');
  const text = readConfigText(file, named !== undefined);
  const given = text === undefined ? {} : parseConfig(file, text);
  const budget = (given.budget as Budget) ?? {};
  return {
    file,
    timezone: systemZone(),
    week_start: 'monday',
    machine: hostname(),
    ...given,
    sources: (given.sources as Config['sources']) ?? {},
    alerts: {
      ...ALERTS,
      ...(budget.daily === undefined ? {} : { daily_budget_usd: budget.daily }),
      ...(given.alerts as Config['alerts']),
    },
    budget,
    plan: (given.plan as Plan) ?? {},
    archive: { auto: true, ...(given.archive as Partial<Archiving>) },
  };
}

/** What the user named may be a pipe, as <(…) of the shell is. */
function readConfigText(file: string, isNamed: boolean): string | undefined {
  try {
    return isNamed ? readFileSync(file, 'utf8') : readIfThere(file);
  } catch (error) {
    if (isMissing(error)) throw new ClawtraceError(`There is no config file ${file}.`);
    throw new ClawtraceError(`${file}: cannot be read (${whyUnreadable(error)}).`);
  }
}

function parseToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    const { message, line, column } = error as TomlError;
    throw new ClawtraceError(`${file}: ${message.split('\n')[0]} (line ${line}, column ${column})`);
  }
}

function parseConfig(file: string, text: string): Record<string, unknown> {
  const given = parseToml(text, file);
  const { sources, ...settings } = given;
  for (const [name, keys] of Object.entries(TABLES)) {
    checkTable(asTable(settings[name] ?? {}, file, name), keys, file, `${name}.`);
    delete settings[name];
  }
  const tables = ['sources', ...Object.keys(TABLES)].map((name) => `[${name}]`);
  checkTable(settings, KEYS, file, '', tables);
  for (const [name, source] of Object.entries(asTable(sources ?? {}, file, 'sources'))) {
    if (!SOURCES.some((known) => known.name === name)) {
      throw new ClawtraceError(
        `${file}: there is no source '${name}'. Known: ${SOURCES.map((known) => known.name).join(', ')}.`,
      );
    }
    // without its globs, the table would say nothing about the source
    const table = asTable(source, file, `sources.${name}`);
    checkTable({ ...table, globs: table.globs }, { globs: isGlobs }, file, `sources.${name}.`);
  }
  return given;
}

function asTable(value: unknown, file: string, name: string): Record<string, unknown> {
  if (isTable(value)) return value;
  throw new ClawtraceError(`${file}: '${name}' must be a table: [${name}].`);
}

function checkTable(
  table: Record<string, unknown>,
  keys: Record<string, Check>,
  file: string,
  prefix: string,
  more: readonly string[] = [],
): void {
  for (const [key, value] of Object.entries(table)) {
    if (!Object.hasOwn(keys, key)) {
      throw new ClawtraceError(
        `${file}: unknown key '${prefix}${key}'. Known: ${[...Object.keys(keys), ...more].join(', ')}.`,
      );
    }
    const problem = keys[key]!(value);
    if (problem) throw new ClawtraceError(`${file}: '${prefix}${key}' must be ${problem}.`);
  }
}

/** An empty TZ is UTC, which ICU calls unknown. */
function systemZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone && timeZone !== 'Etc/Unknown' ? timeZone : 'UTC';
}

/** Undefined for a zone that the IANA table has. */
export function zoneError(zone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return /^[+-]/.test(zone) ? 'an IANA zone such as Europe/Berlin' : undefined;
  } catch {
    return 'an IANA zone such as Europe/Berlin';
  }
}
