import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { SqlFile } from '../catalog/sql-file.ts';
import { namesFrom, neededViews } from '../catalog/reads.ts';
import type { Variable } from '../database/variables.ts';
import { literalPath } from '../files/literal-path.ts';
import { packagePath } from '../package.ts';
import { placesHold, type Places } from '../sources/discover.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';
import { brokenManifest, type Archive } from './manifest.ts';
import type { CheckedArchive } from './parts.ts';

/** A log file as a manifest lists it. Its file_id has more digits than a number here. */
interface ManifestFile {
  readonly source: string;
  readonly path: string;
  readonly reading: string | null;
}

const filesOf = ({ manifest, files }: Archive): ManifestFile[] =>
  files.map((line) => {
    try {
      return JSON.parse(line) as ManifestFile;
    } catch {
      throw brokenManifest(manifest);
    }
  });

/** Names the columns of a part, and stands where an archive has none. A test holds them against those written. */
const EMPTY_PART = packagePath('sql/1_sources/_empty.parquet');

/** What SQL is told of the archives. */
export function archiveVariables(
  archives: readonly CheckedArchive[],
  readings: Readonly<Record<string, string>>,
  places: Places,
): Record<string, Variable> {
  const files = archives.flatMap(filesOf);
  const parts = archives.flatMap(({ folder, sound }) => sound.map(({ path }) => literalPath(join(folder, path))));
  return {
    archive_parts: [[EMPTY_PART, ...parts], 'varchar[]'],
    archive_scope: [places.isOnly ? pathsIn(files, places) : null, 'varchar[]'],
    // parts that were written in another way may have other columns
    archive_is_mixed: [
      files.some(({ source, reading }) => reading !== null && reading !== readings[source]),
      'boolean',
    ],
    readings: [readings, 'map(varchar, varchar)'],
  };
}

/** Where only some logs are asked for, only the archived ones that lay there count. */
function pathsIn(files: readonly ManifestFile[], places: Places): string[] {
  const isHeld = placesHold(places);
  return files.filter(({ source, path }) => isHeld(source, path)).map(({ path }) => path);
}

/** The TypeScript that reads logs (repair, SQLite) has no hash: it is raised when that finds more or less. */
const READER = 2;

/**
 * Names the way in which the logs of each source are read. What was archived in another way is read again from its
 * logs. The files that read another source, and the one that puts all of them together, do not count: a new source makes no
 * archive old.
 */
export function readingVersions({ views }: Catalog): Record<string, string> {
  const archived = neededViews(views, namesFrom(views.filter(({ isArchived }) => isArchived)));
  // what says which files there are is no way of reading them
  const ofFiles = neededViews(views, ['read_files']);
  const ofLines = archived.filter((file) => !ofFiles.includes(file) && file.name !== 'logged_lines');
  const versions = SOURCES.map(({ name }) => {
    const hash = createHash('sha256').update(String(READER));
    for (const file of ofLines) if (!readsOther(file, name)) hash.update(file.sql);
    return [name, hash.digest('hex').slice(0, 12)] as const;
  });
  return Object.fromEntries(versions);
}

const readsOther = ({ names }: SqlFile, source: string): boolean =>
  SOURCES.some(({ name }) => name !== source && names.variables.includes(pathsVariable(name)));
