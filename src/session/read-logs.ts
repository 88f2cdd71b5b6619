import type { SqlFile } from '../catalog/sql-file.ts';
import { rows, type Connection } from '../database/connection.ts';
import { insertRecords } from '../database/records.ts';
import { setVariables, type Variable } from '../database/variables.ts';
import { LOG_FACTS } from '../facts/facts.ts';
import { literalPath } from '../files/literal-path.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import type { Job, Scanned } from '../scanner/scan-file.ts';
import { scanLogs } from '../scanner/scan-logs.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';
import { keptKeys } from './kept-keys.ts';
import { NO_LOG_LISTS } from './log-lists.ts';

/** A log that is read in this run. */
interface LogJob extends Job {
  readonly file_id: string;
  readonly path: string;
}

/**
 * Scans the logs that are to be read: what the views read of their lines is in files of JSON lines from then on, and
 * the lists of the sources name those. repaired_lines says what became of damaged lines. Returns warnings about
 * files that could not be read.
 */
export async function readLogs(
  connection: Connection,
  views: readonly SqlFile[],
  keepsAll: boolean,
  tell: (share: number) => void,
): Promise<string[]> {
  const jobs = await jobsOf(connection);
  if (jobs.length === 0) return [];
  const sources = new Set(jobs.map(({ source }) => source));
  const keys = Object.fromEntries([...sources].map((source) => [source, keptKeys(source, views)]));
  const scan = { jobs, keys, keepsAll, folder: temporaryFolder(), prefix: 'scanned-' };
  const { outputs, files } = await scanLogs(scan, tell);
  await insertRecords(connection, 'repaired_lines', outcomesOf(jobs, files), LOG_FACTS.repaired_lines);
  const unreadable = files.flatMap((file) => (file.error ? [{ path: jobOf(jobs, file).path, error: file.error }] : []));
  await insertRecords(connection, 'unreadable_files', unreadable, LOG_FACTS.unreadable_files);
  await setVariables(connection, { ...NO_LOG_LISTS, ...listsOf(outputs) });
  return unreadable.map(({ path, error }) => `${path}: left out: it cannot be read (${error}).`);
}

const jobsOf = async (connection: Connection): Promise<LogJob[]> =>
  (await rows(
    connection,
    `select source, file_index::integer as file_index, file_id, path, read_path, bytes::double as bytes
    from log_files where file_index is not null and not is_lost order by source, file_index`,
  )) as unknown as LogJob[];

const jobOf = (jobs: readonly LogJob[], { source, file_index }: Scanned): LogJob =>
  jobs.find((job) => job.source === source && job.file_index === file_index)!;

const outcomesOf = (jobs: readonly LogJob[], files: readonly Scanned[]): object[] =>
  files.flatMap((file) => file.outcomes.map((outcome) => ({ file_id: jobOf(jobs, file).file_id, ...outcome })));

const listsOf = (outputs: readonly { source: string; path: string }[]): Record<string, Variable> =>
  Object.fromEntries(
    SOURCES.map(({ name }) => name)
      .map(
        (name) => [name, outputs.filter(({ source }) => source === name).map(({ path }) => literalPath(path))] as const,
      )
      .filter(([, paths]) => paths.length > 0)
      .map(([name, paths]) => [pathsVariable(name), [paths, 'varchar[]'] as const]),
  );
