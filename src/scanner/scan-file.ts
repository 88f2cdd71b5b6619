import { Faults, type Repair } from './fault.ts';
import { holdsMatter, jsonLine, pick, type Keys } from './keys.ts';
import { LONGEST_LINE, MOST_LINE_BYTES, type Machine, type Subject } from './machine.ts';
import { openBytes, type Bytes } from '../files/bytes.ts';
import { BOM, NEWLINE } from '../files/file-lines.ts';

/** A log that is to be scanned. */
export interface Job {
  readonly source: string;
  /** Position in the list of files that its source reads. */
  readonly file_index: number;
  readonly read_path: string;
  readonly bytes: number;
}

/** What became of a line that is damaged. */
export interface Outcome {
  readonly line_number: number;
  readonly outcome: 'repaired' | 'damaged';
  readonly problem: string;
}

export interface Scanned extends Pick<Job, 'source' | 'file_index'> {
  readonly outcomes: readonly Outcome[];
  /** Why it could not be read, or not to its end; lines before that are handed over. */
  readonly error: string | undefined;
}

/** What of the lines of a source is handed over. */
export interface Wanted {
  readonly keys: Keys;
  readonly encoded: Buffer;
  /** Lines without a key that matters, too. */
  readonly keepsAll: boolean;
}

/** Scans one log. What is handed over goes to write, as JSON lines that say their file and line. */
export async function scanFile(
  machine: Machine,
  job: Job,
  wanted: Wanted,
  write: (lines: Uint8Array) => void,
): Promise<Scanned> {
  const { source, file_index } = job;
  const outcomes: Outcome[] = [];
  const damaged = (line_number: number, problem: string): void =>
    void outcomes.push({ line_number, outcome: 'damaged', problem });
  const take = (repairs: readonly Repair[]): void => {
    for (const repair of repairs) {
      const lines = repairedLines(job, wanted, repair).map((line) => Buffer.from(line));
      const short = lines.filter(({ length }) => length <= MOST_LINE_BYTES);
      short.forEach(write);
      const { line_number, problem, isWhole } = repair;
      if (short.length < lines.length) damaged(line_number, TOO_LARGE);
      else if (problem) outcomes.push({ line_number, outcome: isWhole ? 'repaired' : 'damaged', problem });
    }
  };
  let bytes: Bytes | undefined;
  try {
    bytes = openBytes(job.read_path);
    const faults = new Faults();
    const fault = (line_number: number, line: Buffer): void => take(faults.take({ line_number, line }));
    await scanBytes(machine, bytes, subjectOf(job, wanted), { write, fault, damaged });
    take(faults.end());
    return { source, file_index, outcomes, error: undefined };
  } catch (error) {
    return { source, file_index, outcomes, error: (error as Error).message };
  } finally {
    bytes?.close();
  }
}

const subjectOf = ({ file_index }: Job, { encoded, keepsAll }: Wanted): Subject => ({
  keys: encoded,
  prefix: `{"_file":${file_index},"_line":`,
  keepsAll,
});

/** What could be read of damaged lines, as the scanner hands lines over. */
function repairedLines({ file_index }: Job, { keys, keepsAll }: Wanted, { line_number, records }: Repair): string[] {
  return records
    .filter((record) => keepsAll || holdsMatter(record, keys))
    .map((record) => jsonLine({ _file: file_index, _line: line_number, ...pick(record, keys) }));
}

/** Where what was found goes. */
interface Takers {
  readonly write: (lines: Uint8Array) => void;
  readonly fault: (line_number: number, line: Buffer) => void;
  readonly damaged: (line_number: number, problem: string) => void;
}

/** Fills the block of the machine again and again; the line that is not whole yet moves to its front. */
async function scanBytes(machine: Machine, bytes: Bytes, subject: Subject, takers: Takers): Promise<void> {
  let line = 1;
  let held = 0;
  let isTooLong = false;
  for (let isFirst = true; ; isFirst = false) {
    const { read, problem } = await readOn(bytes, machine.block().subarray(held));
    if (problem && isFirst) throw new Error(problem);
    const block = machine.block().subarray(0, held + read);
    const begin: number = isTooLong ? afterNewline(block) : isFirst ? markOf(block) : 0;
    if (isTooLong && begin > 0) line++;
    isTooLong &&= begin === 0;
    const from = isTooLong ? block.length : begin;
    const pass = scanBlock(machine, { from, to: block.length, isLast: read === 0, line }, subject, takers);
    line = pass.line;
    if (problem && pass.faults === 0) takers.damaged(line, problem);
    if (read === 0) return;
    machine.block().copyWithin(0, pass.from, block.length);
    held = block.length - pass.from;
    if (held < machine.block().length || machine.growBlock()) continue;
    takers.damaged(line, TOO_LONG);
    isTooLong = true;
    held = 0;
  }
}

const TOO_LARGE = `an id, a name or a path of more than ${MOST_LINE_BYTES / 2 ** 20} MiB`;
const TOO_LONG = `longer than ${LONGEST_LINE / 2 ** 20} MiB`;

/** The next bytes. A packed log may break off: what came before is read. */
async function readOn(bytes: Bytes, into: Buffer): Promise<{ read: number; problem?: string }> {
  try {
    return { read: await bytes.read(into) };
  } catch (error) {
    return { read: 0, problem: (error as Error).message };
  }
}

const afterNewline = (block: Buffer): number => block.indexOf(NEWLINE) + 1;

/** The bytes of the mark at the start of a file, if it has one. */
const markOf = (block: Buffer): number => (block.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0);

interface Part {
  readonly from: number;
  readonly to: number;
  readonly isLast: boolean;
  readonly line: number;
}

/** Scans all whole lines of the block, and says where the rest begins. */
function scanBlock(
  machine: Machine,
  { from, to, isLast, line }: Part,
  subject: Subject,
  { write, fault }: Takers,
): { from: number; line: number; faults: number } {
  const now = { from, line, faults: 0 };
  for (let isStuck = false; now.from < to && !isStuck;) {
    const pass = machine.scan(now.from, to, isLast, now.line, subject);
    if (pass.output.length > 0) write(pass.output);
    const block = machine.block();
    for (const place of pass.faults) fault(place.line_number, Buffer.from(block.subarray(place.from, place.to)));
    now.line += pass.lines;
    now.from += pass.consumed;
    now.faults += pass.faults.length;
    isStuck = pass.lines === 0;
  }
  return now;
}
