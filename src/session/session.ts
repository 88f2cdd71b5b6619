import { alertEventGlob } from './alert-events.ts';
import {
  archiveVariables,
  areCurrent,
  hasArchive,
  readArchives,
  readingVersion,
  type Archive,
} from '../archive/manifest.ts';
import { neededViews, readsLogs, type Param, type SqlFile } from '../catalog/catalog.ts';
import { ownPriceFile, type Config } from '../settings/config.ts';
import {
  EMPTY_FILE,
  openDatabase,
  rows,
  setFiles,
  setVariables,
  variableStatements,
  type Connection,
  type Variable,
} from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { discover, filesSince, type Found } from '../sources/discover.ts';
import { gitFeeds } from '../sources/git-log.ts';
import { addKept, addRepairs, archivedAlone, listLogs, sayGone } from './logs.ts';
import { openclawFeeds, type IndexedSession } from '../sources/openclaw-index.ts';
import { findPrices, type PriceFiles } from './prices.ts';
import { withProgress } from '../database/progress.ts';
import { lineRepairs } from './repair.ts';
import type { Request } from '../request/request.ts';
import { cleanupPeriodDays } from '../sources/retention.ts';
import { createEarly, createViews, readsLogsAgain } from './views.ts';

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
    asksOften = false,
    variables = {},
  }: {
    connection?: Connection;
    readsAllTime?: boolean;
    rereads?: boolean;
    /** Go on without parts that an archive has lost. */
    mends?: boolean;
    /** Many questions follow: what the archive holds is read once for all of them. */
    asksOften?: boolean;
    variables?: Record<string, Variable>;
  } = {},
): Promise<Session> {
  const { views } = request.catalog;
  const isOfLogs = readsLogs(sql, views);
  const prices = findPrices();
  const connection = opened ?? (await openDatabase());
  const start = async () => {
    const archives = isOfLogs ? readArchives(request.archiveRoots, mends) : [];
    const needed = neededForLogs(views, sql, archives).map((file) => (asksOften ? asTable(file) : file));
    const known = {
      ...settings(request, prices, archives),
      ...variables,
      // where the logs are read once more anyway, the archive saves nothing
      rereads: [rereads || readsLogsAgain(needed, sql), 'boolean'] as const,
    };
    const creating = createEarly(connection, [...askStatements(request), ...variableStatements(known)], needed);
    const found = isOfLogs ? discover(request.places) : NO_LOGS;
    return { archives, needed, found, created: await creating };
  };
  let started = await start();
  // clawtrace archive may write between our reading of a manifest and DuckDB's: then once more
  while (!areCurrent(started.archives)) started = await start();
  const { archives, needed, found, created } = started;
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
  const onCreated = async (file: SqlFile): Promise<void> => {
    if (file.name === 'archived_files' && !areCurrent(archives))
      throw new ClawtraceError('clawtrace archive was writing meanwhile. Ask again.');
    if (file.name === 'log_files') inDatabases.push(...(await listLogs(connection, found, needsIndex, warnings)));
    if (file.kind === 'table') await repair(file);
    if (file.name === 'line_groups' && hasArchive(archives)) {
      if (file.kind === 'table') await addKept(connection, views);
      await addRepairs(connection, isPruned ? since : undefined);
    }
  };
  await withProgress(connection, () =>
    createViews(connection, missing, request.timezone, warnings, feeds, onCreated, async (file) =>
      hasArchive(archives) && file.name === 'line_groups' ? archivedAlone(connection, file) : file,
    ),
  );
  if (hasArchive(archives) && readsLogsAgain(needed, sql)) warnings.push(...(await sayGone(connection)));
  const [counted] = await rows(connection, 'select count(*)::integer as rows from prices');
  return {
    request,
    connection,
    found,
    archives,
    prices: { version: prices.version, rows: counted!.rows as number },
    warnings,
  };
}

/** Views that a text needs. What is archived comes first: what is read from the logs is added to it. */
export function neededForLogs(views: readonly SqlFile[], sql: string, archives: readonly Archive[]): SqlFile[] {
  const first = hasArchive(archives) ? neededViews(views, 'from archived_line_groups join own_key_of()') : [];
  return [...new Set([...first, ...neededViews(views, `${sql}\nfrom log_files join prices`)])];
}

/** What the archive holds is a view of its Parquet files, of which a question reads the columns it needs. */
const asTable = (file: SqlFile): SqlFile => (file.name === 'archived_line_groups' ? { ...file, kind: 'table' } : file);

const SQL_TYPES: Record<Param['type'], string> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'decimal(18, 6)',
  days: 'integer',
  text: 'varchar',
};

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
      before_days: [selection.before_days, 'integer'],
      ...(Object.fromEntries([...filters, ...own]) as Record<string, Variable>),
    }),
    `set variable since_at = (select since_at from (${window.sql}))`,
    `set variable until_at = (select until_at from (${window.sql}))`,
    `set variable before_at = (select before_at from (${window.sql}))`,
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
    alert_event_file: [(request.isDemo ? undefined : alertEventGlob()) ?? EMPTY_FILE, 'varchar'],
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
