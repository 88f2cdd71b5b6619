import { readArchives, type CheckedArchive } from '../archive/parts.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import { areOfLogs, namesFrom, namesOfAll, neededViews, viewsIn, withoutIdleTables } from '../catalog/reads.ts';
import { rows, useOneThread, type Connection } from '../database/connection.ts';
import type { Names } from '../database/names.ts';
import { withProgress } from '../database/progress.ts';
import type { Context } from '../facts/fact.ts';
import type { Request } from '../request/request.ts';
import { discover, type Found } from '../sources/discover.ts';
import { DEFAULT_DAYS } from '../sources/retention.ts';
import type { Asked } from './asked.ts';
import { readLogs } from './read-logs.ts';
import { register } from './register.ts';
import { priceVersion } from './side-files.ts';
import { spoolDatabases } from './spool.ts';
import { factsFor, tellFacts, tellFound } from './tell.ts';
import { createInPlace, isFilledLater, opensLogFiles, readsMoreThanArchived } from './views.ts';

/** An open database that knows the logs, the prices, the clock and the filters. */
export interface Session {
  readonly request: Request;
  readonly connection: Connection;
  /** The views that exist. */
  readonly views: readonly SqlFile[];
  readonly found: Found;
  readonly archives: readonly CheckedArchive[];
  readonly prices: { readonly version: string; readonly rows: number };
  readonly warnings: string[];
}

/** What a session reads itself. */
const ALWAYS = ['log_files', 'read_files', 'prices', 'time_window'];

/** What is found if nothing is looked for. */
const NOTHING_FOUND: Found = { files: [], roots: [], cleanupDays: DEFAULT_DAYS, warnings: [] };

/**
 * Gives a database everything that the names require. Logs are looked for only if they require logs.
 * The steps: register views and tables, and find the files meanwhile; tell the database what was found; read
 * the logs; settle what is computed from them. Every step fills tables that the ones before have left empty.
 */
export async function openSession(connection: Connection, request: Request, asked: Asked): Promise<Session> {
  const names = asked.hasAll ? namesOfAll(request.catalog.views) : asked.names;
  const views = viewsFor(request, names, asked);
  const isOfLogs = areOfLogs(views, names);
  const archives = isOfLogs ? readArchives(request.archiveRoots, asked.mends ?? false) : [];
  const registering = register(connection, request, archives, { ...asked, names }, views);
  const found = isOfLogs ? discover(request.places) : NOTHING_FOUND;
  await registering;
  await tellFound(connection, request, { ...asked, names }, { found, archives, views });
  if (!asked.isAnyWork && areSmall(found, archives)) await useOneThread(connection);
  // times in logs that name no zone are UTC
  await connection.run(`set TimeZone = 'UTC'; set preserve_insertion_order = false`);
  const warnings = await withProgress(connection, (tell) =>
    fill({ connection, request, files: found.files, archives }, names, views, tell),
  );
  await connection.run(`set preserve_insertion_order = true; set TimeZone = '${request.timezone}'`);
  const [counted] = await rows(connection, 'select count(*)::integer as rows from prices');
  return {
    request,
    connection,
    views,
    found,
    archives,
    prices: { version: priceVersion(), rows: counted!.rows as number },
    // a path may be in the way more than once
    warnings: [...new Set([...found.warnings, ...warnings])],
  };
}

/** Logs that one thread reads as soon as two, which spend more time on waiting for each other. */
const SMALL_BYTES = 50e6;
const SMALL_ARCHIVE_BYTES = 1e6;

const areSmall = ({ files }: Found, archives: readonly CheckedArchive[]): boolean =>
  sumOf(files) < SMALL_BYTES && sumOf(archives.flatMap(({ sound }) => sound)) < SMALL_ARCHIVE_BYTES;

const sumOf = (files: readonly { readonly bytes?: number }[]): number =>
  files.reduce((sum, { bytes = 0 }) => sum + bytes, 0);

/** The views of a session, in the order in which they must be created. */
function viewsFor({ catalog }: Request, names: Names, { hasAll, asksOften }: Asked): SqlFile[] {
  const all = hasAll ? withoutIdleTables(catalog.views) : catalog.views;
  const needed = neededViews(all, [...ALWAYS, ...namesFrom(viewsIn(names, all))]);
  return asksOften ? needed.map((view) => (view.isLoaded ? { ...view, kind: 'table' } : view)) : needed;
}

/**
 * Fills the tables, each after those that it reads: those that the reading of logs needs, those that read logs, those
 * that are computed from them, and last those that read facts, which are found from all that. Returns warnings.
 */
async function fill(
  known: Omit<Context, 'inDatabases' | 'say'>,
  names: Names,
  views: readonly SqlFile[],
  tell: (share: number) => void,
): Promise<string[]> {
  const { connection, files } = known;
  const tables = views.filter((view) => isFilledLater(view, views));
  const ofLogs = tables.filter(({ names }) => opensLogFiles(names, views));
  const ofFacts = tables.filter((table) => factsFor(table.names, views).length > 0);
  const facts = factsFor(names, views).filter(({ readsResult }) => !readsResult);
  const needed = neededViews(views, [...ALWAYS, ...namesFrom(ofLogs)]);
  const before = tables.filter((table) => needed.includes(table) && !ofLogs.includes(table));
  const after = tables.filter((table) => ![...before, ...ofLogs, ...ofFacts].includes(table));
  await createInPlace(connection, before, views);
  const spooled = await spoolDatabases(
    connection,
    files,
    views,
    facts.some(({ readsDatabases }) => readsDatabases),
  );
  const warnings = await readLogs(connection, views, readsMoreThanArchived(names, views), tell);
  await createInPlace(connection, ofLogs, views);
  await createInPlace(connection, after, views);
  const said: string[] = [];
  await tellFacts({ ...known, inDatabases: spooled.sessions, say: (warning) => said.push(warning) }, facts);
  await createInPlace(connection, ofFacts, views);
  return [...spooled.warnings, ...warnings, ...said];
}
