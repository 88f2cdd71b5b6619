import type { Variable } from '../database/variables.ts';
import { pathsVariable, SOURCES } from '../sources/source.ts';
import { MOST_LINE_BYTES } from '../scanner/machine.ts';
import { EMPTY_FILE } from './side-files.ts';

/** What the sources read before the logs are known: nothing. A list without any file would be an error. */
export const NO_LOG_LISTS: Readonly<Record<string, Variable>> = {
  ...Object.fromEntries(SOURCES.map(({ name }) => [pathsVariable(name), [[EMPTY_FILE], 'varchar[]'] as const])),
  // DuckDB fills a buffer of twice that size before it reads a line, and no line that is handed over is longer
  maximum_object_size: [MOST_LINE_BYTES, 'bigint'],
};

/** Set the lists of files that the sources read to the logs themselves, for a DuckDB that has no scanner. */
export const LIST_STATEMENTS = SOURCES.map(
  ({ name }) => `set variable ${pathsVariable(name)} = (
  select coalesce(list(pattern order by file_index), [getvariable('empty_file')])
  from read_files
  where source = '${name}'
)`,
);
