import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { ClawtraceError } from './errors.ts';
import { expandHome, home, SOURCES } from './sources.ts';

/** Settings after file, environment and defaults are laid over each other. */
export interface Config {
  readonly file: string;
  readonly timezone: string;
  readonly week_start: 'monday' | 'sunday';
  readonly machine: string;
  readonly sources: Readonly<Record<string, { readonly globs: readonly string[] }>>;
}

type Check = (value: unknown) => string | undefined;

const isText: Check = (value) => (typeof value === 'string' && value ? undefined : 'a text');
const isZone: Check = (value) => isText(value) ?? zoneError(value as string);
const isWeekStart: Check = (value) => (value === 'monday' || value === 'sunday' ? undefined : '"monday" or "sunday"');
const isGlobs: Check = (value) =>
  Array.isArray(value) && value.every((glob) => typeof glob === 'string') ? undefined : 'a list of globs';

const KEYS: Record<string, Check> = { timezone: isZone, week_start: isWeekStart, machine: isText };

/** The folder of the user's config, prices and reports. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(home(), '.config'), 'clawtrace');
}

export const ownPriceFile = (): string => join(configFolder(), 'prices.csv');
export const ownReportsFolder = (): string => join(configFolder(), 'reports');

/** The folder of what is remembered between runs, and could be lost. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_STATE_HOME || join(home(), '.local', 'state'), 'clawtrace');
}

/** The folder of what agents have deleted and we have not. */
export function archiveFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_DATA_HOME || join(home(), '.local', 'share'), 'clawtrace', 'archive');
}

/** Reads the config file. A named file must exist; the default one need not. */
export function readConfig(named: string | undefined): Config {
  const file = named ? resolve(expandHome(named)) : join(configFolder(), 'config.toml');
  if (named && !existsSync(file)) throw new ClawtraceError(`There is no config file ${file}.`);
  const given = existsSync(file) ? parseConfig(file) : {};
  return {
    file,
    timezone: systemZone(),
    week_start: 'monday',
    machine: hostname(),
    ...given,
    sources: (given.sources as Config['sources']) ?? {},
  };
}

function parseConfig(file: string): Record<string, unknown> {
  let given: Record<string, unknown>;
  try {
    given = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ClawtraceError(`${file}: ${(error as Error).message.split('\n')[0]}`);
  }
  const { sources, ...settings } = given;
  checkTable(settings, KEYS, file, '');
  for (const [name, source] of Object.entries((sources ?? {}) as Record<string, Record<string, unknown>>)) {
    if (!SOURCES.some((known) => known.name === name)) {
      throw new ClawtraceError(
        `${file}: there is no source '${name}'. Known: ${SOURCES.map((known) => known.name).join(', ')}.`,
      );
    }
    checkTable(source, { globs: isGlobs }, file, `sources.${name}.`);
  }
  return given;
}

function checkTable(table: Record<string, unknown>, keys: Record<string, Check>, file: string, prefix: string): void {
  for (const [key, value] of Object.entries(table)) {
    if (!Object.hasOwn(keys, key)) {
      throw new ClawtraceError(`${file}: unknown key '${prefix}${key}'. Known: ${Object.keys(keys).join(', ')}.`);
    }
    const problem = keys[key]!(value);
    if (problem) throw new ClawtraceError(`${file}: '${prefix}${key}' must be ${problem}.`);
  }
}

function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
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
