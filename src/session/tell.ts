import type { Archive } from '../archive/manifest.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import { neededViews, viewsIn, namesFrom } from '../catalog/reads.ts';
import { rows, type Connection } from '../database/connection.ts';
import type { Names } from '../database/names.ts';
import { insertJson, insertRecords } from '../database/records.ts';
import { setVariables } from '../database/variables.ts';
import type { Context, Fact } from '../facts/fact.ts';
import { FACTS, LOG_FACTS } from '../facts/facts.ts';
import type { Request } from '../request/request.ts';
import { filesSince, type Found } from '../sources/discover.ts';
import type { Asked } from './asked.ts';

/** Tells the database which files there are, on the disk and in the archive, and which of them can matter. */
export async function tellFound(
  connection: Connection,
  request: Request,
  asked: Asked,
  { found, archives, views }: { found: Found; archives: readonly Archive[]; views: readonly SqlFile[] },
): Promise<void> {
  const since = await firstMomentRead(connection, request, asked, views);
  const sources = request.selection.filters.source;
  const ofSources = found.files.filter((file) => !sources || sources.includes(file.source));
  const wanted = new Set(since ? filesSince(ofSources, since) : ofSources);
  const files = found.files.map((file) => ({ ...file, is_wanted: wanted.has(file) }));
  await insertRecords(connection, 'found_files', files, LOG_FACTS.found_files);
  await insertRecords(connection, 'log_roots', found.roots, LOG_FACTS.log_roots);
  await insertRecords(connection, 'archive_folders', archives, LOG_FACTS.archive_folders);
  const archived = archives.flatMap(({ files }) => files);
  await insertJson(connection, 'manifest_files', archived, LOG_FACTS.manifest_files);
  await setVariables(connection, {
    read_since: [since?.toISOString() ?? null, 'timestamptz'],
    cleanup_period_days: [found.cleanupDays, 'integer'],
    skipped_paths: [found.warnings, 'varchar[]'],
  });
}

/** The first moment whose logs are read; undefined where those of all days are. */
async function firstMomentRead(
  connection: Connection,
  { isDemo }: Request,
  { names, readsAllTime }: Asked,
  views: readonly SqlFile[],
): Promise<Date | undefined> {
  if (readsAllTime || isDemo || viewsIn(names, views).some(({ isHistory }) => isHistory)) return undefined;
  const [row] = await rows(connection, `select epoch_ms(getvariable('since_at'))::double as since`);
  const since = row!.since as number | null;
  return since !== null && since <= Date.now() ? new Date(since) : undefined;
}

/** The facts that SQL requires. */
export function factsFor(names: Names, views: readonly SqlFile[]): Fact[] {
  const read = neededViews(views, namesFrom(viewsIn(names, views)));
  const tables = [names, ...read.map((view) => view.names)].flatMap((each) => each.tables);
  return FACTS.filter((fact) => Object.keys(fact.tables).some((table) => tables.includes(table)));
}

/** Finds facts, and tells the database. */
export async function tellFacts(context: Context, facts: readonly Fact[]): Promise<void> {
  for (const { tables, find } of facts) {
    const found = await find(context);
    for (const [table, columns] of Object.entries(tables))
      await insertRecords(context.connection, table, found[table]!, columns);
  }
}
