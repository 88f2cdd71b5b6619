import { daysOf } from '../catalog/param.ts';
import { FILTERS } from '../catalog/reserved.ts';
import { ClawtraceError } from '../errors.ts';
import { SOURCES } from '../sources/source.ts';
import type { Values } from './arguments.ts';

/** The window and filters of a command line, checked, as the variables that SQL reads. */
export interface Selection {
  readonly since: string | null;
  readonly until: string | null;
  readonly last_days: number | null;
  /** How old a day must be for clawtrace archive to keep or to delete it. */
  readonly before_days: number | null;
  readonly filters: Readonly<Record<string, readonly string[] | null>>;
}

export function readSelection(values: Values): Selection {
  const since = values.since === undefined ? null : readDay(values.since as string, 'since');
  const until = values.until === undefined ? null : readDay(values.until as string, 'until');
  const last_days = values.today ? 1 : values.last === undefined ? null : readDays(values.last as string, 'last');
  const before_days = values.before === undefined ? null : readDays(values.before as string, 'before');
  if ([values.today, values.last, since ?? until].filter(Boolean).length > 1) {
    throw new ClawtraceError('--today, --last and --since/--until exclude each other. Use one of them.');
  }
  if (since && until && since > until) throw new ClawtraceError(`--since ${since} is after --until ${until}.`);
  const filters = Object.fromEntries(
    FILTERS.map((name) => [name, Array.isArray(values[name]) ? readFilter(name, values[name] as string[]) : null]),
  );
  return { since, until, last_days, before_days, filters };
}

function readFilter(name: string, given: string[]): string[] {
  for (const value of name === 'source' ? given : []) {
    if (!SOURCES.some((source) => source.name === value)) {
      throw new ClawtraceError(
        `there is no source '${value}'. Known: ${SOURCES.map((source) => source.name).join(', ')}.`,
      );
    }
  }
  // every name contains the empty text: the filter would let everything through
  if (given.includes('')) throw new ClawtraceError(`--${name} needs a value that is not empty.`);
  return given.map((value) => value.toLowerCase());
}

function readDay(text: string, option: string): string {
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  const day = parts ? `${parts[1]}-${parts[2]}-${parts[3]}` : '';
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) {
    throw new ClawtraceError(`--${option} is not a day: '${text}'. Use YYYY-MM-DD, such as 2026-05-01.`);
  }
  return day;
}

/** A number of days, as 7, 7d or 4w. */
function readDays(text: string, option: string): number {
  const days = daysOf(text);
  if (!days) throw new ClawtraceError(`--${option} is not a number of days: '${text}'. Use 7d or 4w.`);
  return days;
}
