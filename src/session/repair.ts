import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rows, type Connection } from '../database/connection.ts';
import { insertRecords } from '../database/records.ts';
import { LOG_FACTS } from '../facts/facts.ts';
import { PRIVATE } from '../files/private-files.ts';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { findRefusedLines, type RefusedLine } from '../sources/refused-lines.ts';
import { slimLine } from '../sources/slim.ts';

/** A file in which DuckDB refused lines. */
interface Suspect {
  readonly file_id: string;
  readonly source: string;
  readonly path: string;
  readonly refused: number;
}

/**
 * Reads again the files in which DuckDB refused a line: repaired_lines says what became of each line, repaired_files
 * where copies are of those that can be read. Returns whether there are any.
 */
export async function repairLogs(connection: Connection): Promise<boolean> {
  const suspects = (await rows(
    connection,
    `select file_id, source, read_path as path, sum(log_lines)::integer as refused
    from logged_line_groups inner join log_files using (source, file_id)
    where line_kind = 'refused' group by all order by path`,
  )) as unknown as Suspect[];
  const lines: object[] = [];
  const copies: { source: string; file_id: string; file_index: number; path: string }[] = [];
  for (const suspect of suspects) {
    const refused = await findRefusedLines(suspect.path, suspect.refused);
    lines.push(...refused.map((line) => outcomeOf(suspect, line)));
    const path = writeCopy(suspect, refused);
    const file_index = copies.filter(({ source }) => source === suspect.source).length;
    if (path) copies.push({ source: suspect.source, file_id: suspect.file_id, file_index, path });
  }
  await insertRecords(connection, 'repaired_lines', lines, LOG_FACTS.repaired_lines);
  await insertRecords(connection, 'repaired_files', copies, LOG_FACTS.repaired_files);
  return copies.length > 0;
}

const outcomeOf = ({ file_id }: Suspect, { line_number, problem, isWhole }: RefusedLine): object => ({
  file_id,
  line_number,
  problem,
  outcome: isWhole ? 'repaired' : 'damaged',
});

/** Writes what can be read of the lines, if anything can. */
function writeCopy({ file_id, source }: Suspect, lines: readonly RefusedLine[]): string | undefined {
  const records = lines.flatMap((line) => line.records);
  if (records.length === 0) return undefined;
  const path = join(temporaryFolder(), `repaired-${file_id}.jsonl`);
  writeFileSync(path, records.map((record) => slimLine(source, record)).join(''), { mode: PRIVATE });
  return path;
}
