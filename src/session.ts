import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  readFormat,
  readLogs,
  readParams,
  readSelection,
  readZone,
  type Format,
  type Selection,
  type Values,
} from './arguments.ts';
import type { Catalog, Param, Report } from './catalog.ts';
import { now } from './clock.ts';
import { ownPriceFile, readConfig, type Config } from './config.ts';
import {
  openDatabase,
  rows,
  setFiles,
  setPrices,
  setVariables,
  temporaryFolder,
  type Connection,
  type Variable,
} from './database.ts';
import { discover, filesSince, type Found, type Places } from './discover.ts';
import { readSqliteLogs } from './openclaw-sqlite.ts';
import { packagePath } from './package.ts';
import { withProgress } from './progress.ts';
import { cleanupPeriodDays } from './retention.ts';
import { repairLines } from './repair.ts';
import { createViews } from './views.ts';

/** What a command line asks for, checked and resolved. No database yet. */
export interface Request {
  readonly catalog: Catalog;
  readonly config: Config;
  readonly timezone: string;
  readonly selection: Selection;
  readonly format: Format;
  readonly isDemo: boolean;
  readonly places: Places;
  readonly now: Date;
  readonly weekStart: string;
  readonly breakdown: string | null;
  /** Values of a report's own parameters, and their types. */
  readonly params: Readonly<Record<string, string | boolean | null>>;
  readonly paramTypes: readonly Param[];
}

/** An open database that knows the logs, the prices, the clock and the filters. */
export interface Session {
  readonly request: Request;
  readonly connection: Connection;
  readonly found: Found;
  readonly prices: { readonly version: string; readonly rows: number };
  readonly warnings: string[];
}

/** --demo has a day of its own: its logs end on it. */
const DEMO_NOW = new Date('2026-05-01T15:00:00Z');

export function readRequest(values: Values, catalog: Catalog, report?: Report): Request {
  const config = readConfig(values.config as string | undefined);
  const isDemo = Boolean(values.demo);
  const paramTypes = report?.params ?? [];
  const params = readParams(paramTypes, values);
  return {
    catalog,
    config,
    timezone: readZone(values, isDemo ? 'UTC' : config.timezone),
    selection: withWindow(readSelection(values), report?.windowParam && params[report.windowParam]),
    format: readFormat(values),
    isDemo,
    places: isDemo ? demoPlaces() : userPlaces(config, readLogs((values.logs as string[] | undefined) ?? [])),
    now: isDemo && !process.env.CLAWTRACE_NOW ? DEMO_NOW : now(),
    weekStart: (values['week-start'] as string | undefined) ?? config.week_start,
    breakdown: (values.breakdown as string | undefined) ?? null,
    params,
    paramTypes,
  };
}

/** A report's own window in days holds where the command line names none. */
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

/**
 * Opens the database with everything that the given SQL reads. Logs are read only if it reads them,
 * and of the logs only those that can hold a line of the window.
 */
export async function openSession(request: Request, sql: string, readsAllTime = false): Promise<Session> {
  const opening = openDatabase();
  const found = discover(request.places);
  const connection = await opening;
  const since = await tellRequest({ request, connection, found });
  const isPruned = since && !readsAllTime && !request.isDemo && since.getTime() <= Date.now();
  const wanted = request.selection.filters.source;
  const files = found.files.filter((file) => !wanted || wanted.includes(file.source));
  const logs = await readSqliteLogs(isPruned ? filesSince(files, since) : files, temporaryFolder());
  const read = new Map(logs.files.map((file) => [file.path, file]));
  await setFiles(
    connection,
    found.files.map((file) => read.get(file.path) ?? file),
    logs.files,
    found.roots,
  );
  const warnings = [...found.warnings, ...logs.warnings];
  const priceFiles = await setPrices(connection, existsSync(ownPriceFile()) ? ownPriceFile() : null);
  await withProgress(connection, () =>
    createViews(connection, request.catalog, `${sql}\nfrom prices`, request.timezone, warnings, (lineGroups) =>
      repairLines(connection, lineGroups),
    ),
  );
  const [counted] = await rows(connection, 'select count(*)::integer as rows from prices');
  const prices = { version: contentHash(priceFiles), rows: counted!.rows as number };
  return { request, connection, found, prices, warnings };
}

/** Names a state of the price table: equal versions price alike. */
function contentHash(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

const SQL_TYPES: Record<Param['type'], string> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'decimal(18, 6)',
  text: 'varchar',
};

/** Tells the database what is asked, as variables. Returns the start of the window, if it has one. */
export async function tellRequest({
  request,
  connection,
  found,
}: Pick<Session, 'request' | 'connection' | 'found'>): Promise<Date | undefined> {
  const { selection, params, paramTypes } = request;
  const filters = Object.entries(selection.filters).map(([name, values]) => [`${name}_filter`, [values, 'varchar[]']]);
  const own = paramTypes.map(({ name, type }) => [name, [params[name], SQL_TYPES[type]]]);
  await connection.run(`set TimeZone = '${request.timezone}'`);
  await setVariables(connection, {
    now: [request.now.toISOString(), 'timestamptz'],
    own_prices: [ownPriceFile(), 'varchar'],
    machine: [request.config.machine, 'varchar'],
    cleanup_period_days: [cleanupPeriodDays(found.roots), 'integer'],
    skipped_paths: [found.warnings, 'varchar[]'],
    week_start: [request.weekStart, 'varchar'],
    breakdown: [request.breakdown, 'varchar'],
    since: [selection.since, 'varchar'],
    until: [selection.until, 'varchar'],
    last_days: [selection.last_days, 'integer'],
    ...(Object.fromEntries([...filters, ...own]) as Record<string, Variable>),
  });
  return setWindow(connection, request);
}

async function setWindow(connection: Connection, { catalog }: Request): Promise<Date | undefined> {
  const view = catalog.views.find((file) => file.name === 'time_window')!;
  await connection.run(`set variable since_at = (select since_at from (${view.sql}))`);
  await connection.run(`set variable until_at = (select until_at from (${view.sql}))`);
  const [row] = await rows(connection, `select epoch_ms(getvariable('since_at'))::double as since`);
  return row?.since == null ? undefined : new Date(row.since as number);
}
