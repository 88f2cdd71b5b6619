import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlFile } from '../catalog/header.ts';
import {
  EMPTY_FILE,
  indexFiles,
  insertFromJson,
  LINE_REPAIRS,
  rows,
  setVariables,
  temporaryFolder,
  type Connection,
} from '../database/connection.ts';
import { PRIVATE } from '../files/private-files.ts';
import { findRefusedLines, type RefusedLine } from '../sources/refused-lines.ts';
import { slimLine } from '../sources/slim.ts';
import { SOURCES } from '../sources/source.ts';

interface Suspect {
  readonly file_id: string;
  readonly source: string;
  readonly path: string;
  readonly refused: number;
}

interface Copy {
  readonly file_id: string;
  readonly source: string;
  readonly path: string;
}

/**
 * Adds what can be read of lines that DuckDB refused to each table of log lines, through the same views.
 * line_groups comes first, and tells which files to read again.
 */
export function lineRepairs(connection: Connection): (table: SqlFile) => Promise<void> {
  let copies: readonly Copy[] = [];
  return async (table) => {
    if (table.name === 'line_groups') copies = await repairFiles(connection);
    if (REPAIRED.includes(table.name) && copies.length > 0) await readCopies(connection, table, copies);
  };
}

/** Tables of a pass over the logs that lines can be missing from. */
const REPAIRED = ['line_groups', 'tool_blocks'];

/** Reads again the files in which DuckDB refused a line. line_repairs says what became of each line. */
async function repairFiles(connection: Connection): Promise<Copy[]> {
  const suspects = (await rows(
    connection,
    `select file_id, source, read_path as path, sum(log_lines)::integer as refused
    from line_groups inner join log_files using (source, file_id)
    where line_kind = 'refused' group by all order by path`,
  )) as unknown as Suspect[];
  if (suspects.length === 0) return [];
  const copies: Copy[] = [];
  const repairs: object[] = [];
  for (const suspect of suspects) {
    const lines = await findRefusedLines(suspect.path, suspect.refused);
    for (const line of lines) repairs.push(repairOf(suspect, line));
    copies.push(...writeCopy(suspect, lines));
  }
  await insertFromJson(connection, 'line_repairs', repairs, LINE_REPAIRS);
  await connection.run(`delete from line_groups where line_kind = 'refused'`);
  return copies;
}

const repairOf = ({ file_id }: Suspect, { line_number, problem, isWhole }: RefusedLine): object => ({
  file_id,
  line_number,
  problem,
  outcome: isWhole ? 'repaired' : 'damaged',
});

function writeCopy({ file_id, source }: Suspect, lines: readonly RefusedLine[]): Copy[] {
  const records = lines.flatMap((line) => line.records);
  if (records.length === 0) return [];
  const copy = join(temporaryFolder(), `repaired-${file_id}.jsonl`);
  writeFileSync(copy, records.map((record) => slimLine(source, record)).join(''), { mode: PRIVATE });
  return [{ file_id, source, path: copy }];
}

/** The copies take the places of all files for one more pass, under the ids of their originals. */
async function readCopies(connection: Connection, table: SqlFile, copies: readonly Copy[]): Promise<void> {
  await connection.run('update log_files set file_index = null');
  for (const { name } of SOURCES) {
    const own = copies.filter((copy) => copy.source === name);
    const paths = own.length > 0 ? own.map((copy) => copy.path) : [EMPTY_FILE];
    await setVariables(connection, { [`${name}_paths`]: [paths, 'varchar[]'] });
    await connection.run(
      `update log_files set file_index = list_position(from_json($ids::json, '["ubigint"]'), file_id) - 1
      where list_contains(from_json($ids::json, '["ubigint"]'), file_id)`,
      { ids: JSON.stringify(own.map((copy) => copy.file_id)) },
    );
  }
  await connection.run(`insert into ${table.name} by name\n${table.sql}`);
  await indexFiles(connection);
}
