import type { Values } from './arguments.ts';
import { readLogGlobs } from './log-globs.ts';
import type { Format } from './options.ts';
import { readParams } from './report-params.ts';
import { readSelection, type Selection } from './selection.ts';
import { readZone } from './zone.ts';
import { archiveFolders, archiveRoot } from '../archive/manifest.ts';
import { foldersOf } from '../archive/folders.ts';
import type { Catalog, Report } from '../catalog/catalog.ts';
import type { Param } from '../catalog/param.ts';
import { now } from '../settings/clock.ts';
import { readConfig, type Config } from '../settings/config.ts';
import type { Places } from '../sources/discover.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';

/** What a command line asks for, checked and resolved. No database yet. */
export interface Request {
  readonly catalog: Catalog;
  readonly config: Config;
  readonly timezone: string;
  readonly selection: Selection;
  readonly format: Format;
  readonly isDemo: boolean;
  readonly places: Places;
  /** Folders with archives; none if they are left out. */
  readonly archiveRoots: readonly string[];
  /** Whether what is read of the logs is added to the user's own archive. */
  readonly isKept: boolean;
  readonly now: Date;
  readonly weekStart: string;
  readonly breakdown: string | null;
  /** Values of a report's own parameters, and their types. */
  readonly params: Readonly<Record<string, string | boolean | null>>;
  readonly paramTypes: readonly Param[];
}

/** --demo has a current day of its own: the day on which its logs end. */
const DEMO_NOW = new Date('2026-05-01T15:00:00Z');

export function readRequest(values: Values, catalog: Catalog, report?: Report): Request {
  const isDemo = Boolean(values.demo);
  const configured = readConfig(values.config as string | undefined);
  const config = isDemo ? { ...configured, machine: 'demo' } : configured;
  const paramTypes = report?.params ?? [];
  const params = readParams(paramTypes, values);
  return {
    catalog,
    config,
    timezone: readZone(values, isDemo ? 'UTC' : config.timezone),
    selection: withWindow(readSelection(values), report?.windowParam && params[report.windowParam]),
    format: readFormat(values),
    isDemo,
    places: isDemo ? demoPlaces() : userPlaces(config, readLogGlobs((values.logs as string[] | undefined) ?? [])),
    archiveRoots: isDemo ? [] : readArchiveRoots(values),
    isKept: config.archive.auto && ![isDemo, values.logs, values.archive, values['no-archive']].some(Boolean),
    now: isDemo && !process.env.CLAWTRACE_NOW ? DEMO_NOW : now(),
    weekStart: (values['week-start'] as string | undefined) ?? config.week_start,
    breakdown: (values.breakdown as string | undefined) ?? null,
    params,
    paramTypes,
  };
}

/** A report's own window in days applies if the command line names none. */
function withWindow(selection: Selection, days: string | boolean | null | undefined): Selection {
  const isNamed = selection.since ?? selection.until ?? selection.last_days;
  return isNamed || !days ? selection : { ...selection, last_days: Number(days) };
}

/** --logs replaces the config's globs, which replace the usual folders of their source. */
function userPlaces(config: Config, named: { source: string; glob: string }[]): Places {
  const configured = Object.entries(config.sources).flatMap(([source, { globs }]) =>
    globs.map((glob) => ({ source, glob })),
  );
  return { globs: named.length > 0 ? named : configured, isOnly: named.length > 0, env: process.env };
}

function readArchiveRoots(values: Values): string[] {
  const named = values.archive as string[] | undefined;
  if (named && values['no-archive'])
    throw new ClawtraceError('--archive and --no-archive exclude each other. Use one of them.');
  if (values['no-archive']) return [];
  if (!named) return [archiveRoot()];
  const missing = named.find((pattern) => foldersOf(pattern).flatMap(archiveFolders).length === 0);
  if (missing !== undefined) throw new ClawtraceError(`there is no archive in ${missing}. Name another --archive.`);
  return named.flatMap(foldersOf);
}

function demoPlaces(): Places {
  return {
    globs: [
      { source: 'claude_code', glob: packagePath('test/demo/claude') },
      { source: 'openclaw', glob: packagePath('test/demo/openclaw') },
    ],
    isOnly: true,
    env: {},
  };
}

function readFormat(values: Values): Format {
  if (values.json && values.format !== undefined && values.format !== 'json')
    throw new ClawtraceError(`--json and --format ${values.format as string} exclude each other. Use one of them.`);
  return values.json ? 'json' : ((values.format as Format | undefined) ?? 'table');
}
