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
import { alertEventGlob } from './alert-events.ts';
import {
  archiveFolders,
  archiveRoot,
  archiveVariables,
  hasArchive,
  readArchives,
  readingVersion,
  unreadableArchive,
  type Archive,
} from './archive.ts';
import { foldersOf } from './archive-roots.ts';
import { neededViews, readsLogs, type Catalog, type Param, type Report } from './catalog.ts';
import { now } from './clock.ts';
import { ownPriceFile, readConfig, type Config } from './config.ts';
import {
  EMPTY_FILE,
  findPrices,
  indexFiles,
  listFiles,
  openDatabase,
  rows,
  setFiles,
  setVariables,
  temporaryFolder,
  variableStatements,
  type Connection,
  type PriceFiles,
  type Variable,
} from './database.ts';
import { discover, filesSince, type Found, type Places } from './discover.ts';
import { ClawtraceError } from './errors.ts';
import { gitFeeds } from './git-log.ts';
import { openclawFeeds, type IndexedSession } from './openclaw-index.ts';
import { readSqliteLogs } from './openclaw-sqlite.ts';
import { packagePath } from './package.ts';
import { withProgress } from './progress.ts';
import { cleanupPeriodDays } from './retention.ts';
import { lineRepairs } from './repair.ts';
import { isSqliteLog } from './sources.ts';
import { createEarly, createViews, readsLogsAgain } from './views.ts';

/** What a command line asks for, checked and resolved. No database yet. */
export interface Request {
  readonly catalog: Catalog;
  readonly config: Config;
  readonly timezone: string;
  readonly selection: Selection;
  readonly format: Format;
  readonly isDemo: boolean;
  readonly places: Places;
  /** Folders with archives; none where they are left out. */
  readonly archiveRoots: readonly string[];
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
  readonly archives: readonly Archive[];
  readonly prices: { readonly version: string; readonly rows: number };
  readonly warnings: string[];
}

/** What is found where nothing is looked for. */
const NO_LOGS: Found = { files: [], roots: [], warnings: [] };

/** --demo has a day of its own: its logs end on it. */
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
    places: isDemo ? demoPlaces() : userPlaces(config, readLogs((values.logs as string[] | undefined) ?? [])),
    archiveRoots: isDemo || values['no-archive'] ? [] : readArchiveRoots(values),
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

function readArchiveRoots(values: Values): string[] {
  const named = values.archive as string[] | undefined;
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

/**
 * Opens the database with everything that the given SQL reads. Logs are read only if it reads them,
 * and of the logs only those that can hold a line of the window.
 */
export async function openSession(
  request: Request,
  sql: string,
  {
    connection: opened,
    readsAllTime = false,
    rereads = false,
    mends = false,
    variables = {},
  }: {
    connection?: Connection;
    readsAllTime?: boolean;
    rereads?: boolean;
    /** Go on without parts that an archive has lost. */
    mends?: boolean;
    variables?: Record<string, Variable>;
  } = {},
): Promise<Session> {
  const { views } = request.catalog;
  const isOfLogs = readsLogs(sql, views);
  const archives = isOfLogs ? readArchives(request.archiveRoots, mends) : [];
  const adds = hasArchive(archives) ? 'join archived_line_groups' : '';
  const needed = neededViews(views, `${sql}\nfrom log_files join prices ${adds}`);
  const prices = findPrices(existsSync(ownPriceFile()) ? ownPriceFile() : null);
  const connection = opened ?? (await openDatabase());
  const known = {
    ...settings(request, prices, archives),
    ...variables,
    // where the logs are read once more anyway, the archive saves nothing
    rereads: [rereads || readsLogsAgain(needed, sql), 'boolean'] as const,
  };
  const creating = createEarly(connection, [...askStatements(request), ...variableStatements(known)], needed);
  const found = isOfLogs ? discover(request.places) : NO_LOGS;
  const created = await creating;
  await setVariables(connection, {
    cleanup_period_days: [cleanupPeriodDays(found.roots), 'integer'],
    skipped_paths: [found.warnings, 'varchar[]'],
  });
  const since = await windowStart(connection);
  const readsBack = readsAllTime || sql.includes('usage_history');
  const isPruned = since && !readsBack && !request.isDemo && since.getTime() <= Date.now();
  const wanted = request.selection.filters.source;
  const files = found.files.filter((file) => !wanted || wanted.includes(file.source));
  await setFiles(connection, found.files, new Set(isPruned ? filesSince(files, since) : files), found.roots);
  const warnings = [...found.warnings];
  const inDatabases: IndexedSession[] = [];
  const needsIndex = needed.some((file) => file.name === 'openclaw_sessions');
  const repair = lineRepairs(connection);
  const missing = needed.filter((file) => !created.includes(file));
  const feeds = { ...openclawFeeds(connection, found.files, inDatabases), ...gitFeeds(connection) };
  await withProgress(connection, () =>
    createViews(connection, missing, request.timezone, warnings, feeds, async (file) => {
      if (file.name === 'log_files') inDatabases.push(...(await listLogs(connection, found, needsIndex, warnings)));
      if (file.name === 'archived_line_groups') await addArchived(connection, isPruned ? since : undefined);
      await repair(file);
    }),
  );
  if (adds && readsLogsAgain(needed, sql)) warnings.push(...(await sayGone(connection)));
  const [counted] = await rows(connection, 'select count(*)::integer as rows from prices');
  return {
    request,
    connection,
    found,
    archives,
    prices: { version: contentHash(prices.all), rows: counted!.rows as number },
    warnings,
  };
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
  days: 'integer',
  text: 'varchar',
};

/** Lists the logs to read. OpenClaw's databases are spooled first; those that the archive stands in for are not. */
async function listLogs(
  connection: Connection,
  found: Found,
  needsIndex: boolean,
  warnings: string[],
): Promise<IndexedSession[]> {
  const sessions: IndexedSession[] = [];
  const databases = found.files.filter((file) => isSqliteLog(file.path));
  if (databases.length > 0) {
    const asked = await rows(
      connection,
      `select path from log_files where is_read or ($needsIndex and is_live and is_wanted)`,
      { needsIndex },
    );
    const paths = new Set(asked.map(({ path }) => path));
    const spooled = await readSqliteLogs(
      databases.filter(({ path }) => paths.has(path)),
      temporaryFolder(),
    );
    warnings.push(...spooled.warnings);
    sessions.push(...spooled.sessions);
    const readable = new Map(spooled.files.map((file) => [file.path, file.read_path]));
    for (const { path } of databases) {
      await connection.run(
        'update log_files set read_path = coalesce($read_path, path), is_lost = $is_lost where path = $path',
        {
          path,
          read_path: readable.get(path) ?? null,
          is_lost: paths.has(path) && !readable.has(path),
        },
      );
    }
  }
  await listFiles(connection);
  return sessions;
}

export const ADD_ARCHIVED = 'insert into line_groups by name from archived_line_groups';

/** Adds what the archive holds to what was read from the logs, and lists all logs for those who read them again. */
async function addArchived(connection: Connection, since: Date | undefined): Promise<void> {
  try {
    await connection.run(ADD_ARCHIVED);
  } catch (error) {
    throw unreadableArchive((error as Error).message);
  }
  // what was damaged before the window is not said of logs that are there either
  await connection.run(
    `insert into line_repairs (file_id, line_number, outcome, problem)
    select file_id, repair.line_number, repair.outcome, repair.problem
    from (
      select file_id, unnest(repairs) as repair from log_files
      where is_wanted and not is_read and (is_live or coalesce(modified_at >= $since::timestamptz, true)))`,
    { since: since?.toISOString() ?? null },
  );
  await indexFiles(connection, 'is_live and is_wanted');
}

/** What is read from the logs once more cannot be known of those that are gone. */
async function sayGone(connection: Connection): Promise<string[]> {
  const [gone] = await rows(
    connection,
    `select format(
      '{:,} {} gone: the archive has the usage in {}, but no tool calls, and no count of the other lines.',
      count(*), if(count(*) = 1, 'log is', 'logs are'), if(count(*) = 1, 'it', 'them')
    ) as message
    from log_files where not is_live and is_wanted having count(*) > 0`,
  );
  return gone ? [gone.message as string] : [];
}

/** Tells the database of a session what is asked of it next. */
export async function tellRequest({ connection, request }: Pick<Session, 'connection' | 'request'>): Promise<void> {
  await connection.run(askStatements(request).join(';\n'));
}

/** What is asked for, and when it is, as variables. */
function askStatements(request: Request): string[] {
  const { selection, params, paramTypes } = request;
  const window = request.catalog.views.find((file) => file.name === 'time_window')!;
  const filters = Object.entries(selection.filters).map(([name, values]) => [`${name}_filter`, [values, 'varchar[]']]);
  const own = paramTypes.map(({ name, type }) => [name, [params[name], SQL_TYPES[type]]]);
  return [
    `set TimeZone = '${request.timezone}'`,
    ...variableStatements({
      now: [request.now.toISOString(), 'timestamptz'],
      week_start: [request.weekStart, 'varchar'],
      breakdown: [request.breakdown, 'varchar'],
      since: [selection.since, 'varchar'],
      until: [selection.until, 'varchar'],
      last_days: [selection.last_days, 'integer'],
      ...(Object.fromEntries([...filters, ...own]) as Record<string, Variable>),
    }),
    `set variable since_at = (select since_at from (${window.sql}))`,
    `set variable until_at = (select until_at from (${window.sql}))`,
  ];
}

/** What holds for every question: prices, archives, and the settings of the user. */
function settings(request: Request, prices: PriceFiles, archives: readonly Archive[]): Record<string, Variable> {
  return {
    ...prices.variables,
    ...archiveVariables(archives, readingVersion(request.catalog), request.places),
    ...limits(request.config),
    own_prices: [ownPriceFile(), 'varchar'],
    machine: [request.config.machine, 'varchar'],
    alert_event_file: [alertEventGlob() ?? EMPTY_FILE, 'varchar'],
  };
}

/** Thresholds, budgets and the plan of the config file. A rule that is turned off has NULL. */
function limits({ alerts, budget, plan }: Config): Record<string, Variable> {
  const thresholds = Object.entries(alerts).map(([rule, value]) => [
    `alerts_${rule}`,
    [value === false ? null : value, SQL_TYPES.number],
  ]);
  return {
    ...(Object.fromEntries(thresholds) as Record<string, Variable>),
    budget_monthly: [budget.monthly, SQL_TYPES.number],
    budget_daily: [budget.daily, SQL_TYPES.number],
    budget_projects: [budget.projects, `map(varchar, ${SQL_TYPES.number})`],
    budget_agents: [budget.agents, `map(varchar, ${SQL_TYPES.number})`],
    plan_name: [plan.name, 'varchar'],
    plan_monthly_usd: [plan.monthly_usd, SQL_TYPES.number],
    plan_since: [plan.since, 'varchar'],
  };
}

async function windowStart(connection: Connection): Promise<Date | undefined> {
  const [row] = await rows(connection, `select epoch_ms(getvariable('since_at'))::double as since`);
  return row?.since == null ? undefined : new Date(row.since as number);
}
