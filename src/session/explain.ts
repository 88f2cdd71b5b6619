import { damagedPart, isOfPart, unreadablePart } from '../archive/parts.ts';
import { pathOfPattern } from '../files/literal-path.ts';
import { ClawtraceError, QueryError } from '../errors.ts';
import { openConnections, rows } from '../database/connection.ts';
import { SIDE_FILES } from './side-files.ts';

/**
 * What an error means to the user, who gets one line that says what to do: the one place that reads DuckDB's messages.
 * It returns other errors unchanged.
 */
export async function explain(thrown: unknown): Promise<Error> {
  const error = thrown as Error;
  if (error instanceof ClawtraceError) return error;
  if (isShortOfMemory(error)) return explainMemory(error);
  const ofArchive = await explainArchive(error);
  if (ofArchive) return ofArchive;
  return error instanceof QueryError ? explainQuery(error) : error;
}

/** DuckDB may wrap it into an error about whatever it was reading, which is then whole. */
const isShortOfMemory = ({ message }: Error): boolean => message.includes('Out of Memory Error: ');

function explainMemory(error: Error): ClawtraceError {
  const [line] = /Out of Memory Error: .*/.exec(error.message)!;
  return new ClawtraceError(`${error instanceof QueryError ? `${error.what}: ` : ''}${line}`);
}

/** What SQL says to the user with error('clawtrace: …'). */
const REFUSAL = /^Invalid Input Error: clawtrace: (.+)/;
/** What DuckDB says about a file that is not what it should be. */
const IS_OF_FILE = /^(IO|Invalid Input|Conversion) Error/;

function explainQuery({ what, message, variables }: QueryError): ClawtraceError {
  const refusal = REFUSAL.exec(message)?.[1];
  if (refusal) return new ClawtraceError(refusal);
  if (message.startsWith('INTERRUPT')) return new ClawtraceError('stopped.');
  const [firstLine] = message.split('\n');
  const sideFile = Object.entries(SIDE_FILES).find(([name, file]) => file.explain && variables.includes(name))?.[1];
  if (sideFile?.explain && IS_OF_FILE.test(message)) return sideFile.explain(firstLine!);
  const [told, ...details] = inOurWords(message);
  return new ClawtraceError(`${what}: ${told}`, details);
}

/** DuckDB's message in a few lines, and in our words where it is about our protection. */
function inOurWords(message: string): string[] {
  const file = /Cannot access (?:file|directory) "(.*?)" - file system operations are disabled/.exec(message)?.[1];
  if (file !== undefined) return [`may not read ${file}: only logs, archive and price tables (query --write may).`];
  if (/bind parameter index/.test(message)) return ['a --param is not in the SQL: it needs $NAME there.'];
  return message.split('\n').filter((line) => line.trim());
}

/** What the system refuses is no damage, whatever file it is about. */
const IS_OF_SYSTEM = /^(INTERRUPT|Out of Memory)|Permission denied|No space left|Too many open files|Cannot allocate/i;

/** DuckDB does not name the part of every damage: then each is read to find it. */
async function explainArchive({ message }: Error): Promise<ClawtraceError | undefined> {
  if (IS_OF_SYSTEM.test(message)) return undefined;
  if (isOfPart(message)) return unreadablePart(message.split('\n')[0]!);
  if (!message.includes('Invalid Error: ')) return undefined;
  for (const connection of openConnections()) {
    for (const { part } of await rows(connection, `select unnest(getvariable('archive_parts')) as part`)) {
      try {
        await rows(connection, 'select count(columns(*)) from read_parquet($part)', { part: part as string });
      } catch {
        return damagedPart(pathOfPattern(part as string), 'damaged');
      }
    }
  }
  return undefined;
}
