import { namesOfTables } from '../catalog/reads.ts';
import { rows } from '../database/connection.ts';
import type { Session } from '../session/session.ts';

/** What addWarnings reads. */
export const WARNING_NAMES = namesOfTables(['log_warnings', 'usage_doubts', 'usage_warnings']);

/** Adds warnings about what the numbers leave out. Everything is priced again only if something can be wrong. */
export async function addWarnings({ connection, warnings }: Session): Promise<void> {
  const say = async (view: string): Promise<void> => {
    for (const row of await rows(connection, `from ${view}`)) warnings.push(row.message as string);
  };
  await say('log_warnings');
  const [doubts] = await rows(connection, 'from usage_doubts');
  if (doubts!.has_doubts) await say('usage_warnings');
}
