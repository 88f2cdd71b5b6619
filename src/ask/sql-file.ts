import { readFileSync } from 'node:fs';
import { ClawtraceError } from '../errors.ts';

/** Reads SQL that the user keeps in a file. */
export function readSqlFile(path: string): string {
  try {
    return withoutMark(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ClawtraceError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Some editors begin a file with a byte order mark. */
export const withoutMark = (sql: string): string => sql.replace(/^\ufeff/, '');
