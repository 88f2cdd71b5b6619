import type { Connection } from '../database/connection.ts';
import { checkSelect, type Select } from '../database/checked-select.ts';
import { joinNames } from '../catalog/reads.ts';
import type { Names } from '../database/names.ts';
import type { Request } from '../request/request.ts';
import { lockDown } from '../session/lockdown.ts';
import type { Asked } from '../session/asked.ts';
import { openSession, type Session } from '../session/session.ts';

/** What is asked, and by whom. */
export interface Question extends Omit<Asked, 'names'> {
  /** What our own SQL names that will run. */
  readonly names?: Names;
  /** The user's SQL, and what to call it in errors. */
  readonly statements?: readonly { readonly sql: string; readonly what: string }[];
  /** The user's SQL will run: it may only read what clawtrace reads. */
  readonly isLocked?: boolean;
  /** Files and folders that an export writes. */
  readonly writable?: readonly string[];
}

/** The only way from a question to a session: check, read, lock. */
export async function open(
  connection: Connection,
  request: Request,
  { names, statements = [], isLocked = false, writable, ...asked }: Question,
): Promise<{ session: Session; selects: readonly Select[] }> {
  const selects: Select[] = [];
  for (const { sql, what } of statements) selects.push(await checkSelect(connection, sql, what));
  const all = joinNames([...(names ? [names] : []), ...selects.map((select) => select.names)]);
  const hasAll = asked.hasAll || selects.some((select) => select.names.isOpen);
  const isAnyWork = selects.length > 0;
  const session = await openSession(connection, request, { ...asked, names: all, hasAll, isAnyWork });
  if (isLocked) await lockDown(session, all, writable);
  return { session, selects };
}
