import type { Columns } from '../database/records.ts';
import { partChecks } from './archive.ts';
import { explainedLines } from './explained-lines.ts';
import type { Fact } from './fact.ts';
import { gitLog } from './git.ts';
import { measuredText } from './measured-text.ts';
import { openclawCronRuns, openclawLocks, openclawSessions } from './openclaw.ts';

/** Found once something reads them, after the logs were read. */
export const FACTS: readonly Fact[] = [
  openclawSessions,
  openclawCronRuns,
  openclawLocks,
  gitLog,
  measuredText,
  explainedLines,
  partChecks,
];

/** Filled by whichever step, from the files to the rows, learns of them. */
export const LOG_FACTS = {
  /** The log files on the disk. */
  found_files: {
    source: 'varchar',
    path: 'varchar',
    bytes: 'bigint',
    modified_at: 'timestamptz',
    subagent_type: 'varchar',
    is_wanted: 'boolean',
  },
  /** The folders and globs that were searched. */
  log_roots: { source: 'varchar', path: 'varchar', is_found: 'boolean' },
  /** The log files that the manifests of the archive list. */
  manifest_files: {
    source: 'varchar',
    path: 'varchar',
    machine: 'varchar',
    file_id: 'ubigint',
    bytes: 'bigint',
    modified_at: 'timestamptz',
    subagent_type: 'varchar',
    run: 'varchar',
    reading: 'varchar',
    repairs: 'struct(line_number bigint, outcome varchar, problem varchar)[]',
  },
  /** The folders of archives, and which machine each is of. */
  archive_folders: { machine: 'varchar', folder: 'varchar', run: 'varchar' },
  /** Databases that were written out as JSON lines; without a read_path, those that could not be. */
  spooled_files: { path: 'varchar', read_path: 'varchar' },
  /** Files that turned out unreadable while they were read. */
  unreadable_files: { path: 'varchar' },
  /** What became of the lines that are not one whole object: repaired or damaged. */
  repaired_lines: { file_id: 'ubigint', line_number: 'bigint', outcome: 'varchar', problem: 'varchar' },
} as const satisfies Record<string, Columns>;

export type LogFact = keyof typeof LOG_FACTS;

/** All tables that TypeScript fills, and their columns. */
export const FACT_TABLES: Readonly<Record<string, Columns>> = Object.assign(
  {},
  LOG_FACTS,
  ...FACTS.map(({ tables }) => tables),
);
