import { rows, type Connection } from '../database/connection.ts';
import { linesOf } from '../files/file-lines.ts';
import { whyUnreadable } from '../files/regular-file.ts';
import type { Fact } from './fact.ts';

/** Most responses whose lines are searched for: each requires a pass over its files. */
const MOST = 100;

interface Place {
  readonly response_key: string;
  readonly file_id: string;
  readonly path: string;
  readonly needles: readonly string[];
}

/**
 * The log lines of the responses in the table result, found by reading their files again. Logs that are no lines
 * (SQLite) have none.
 */
export const explainedLines: Fact = {
  readsResult: true,
  tables: { explained_lines: { response_key: 'varchar', file_id: 'ubigint', line_number: 'bigint' } },
  find: async ({ connection, say }) => ({ explained_lines: await findLines(await findPlaces(connection), say) }),
};

async function findPlaces(connection: Connection): Promise<Place[]> {
  return (await rows(
    connection,
    `select
      explained_key as response_key, file_id, read_path as path,
      list_filter(
        [regexp_replace(message_id, '^.*:', ''), request_id, uuid], needle -> needle is not null
      ) as needles
    from line_groups
    inner join log_files using (source, file_id)
    left join linked_keys using (source, own_key)
    inner join (
      select distinct response_key as explained_key from result order by 1 limit ${MOST}
    ) on coalesce(linked_keys.response_key, own_key) = explained_key
    where read_path = path and is_live and is_wanted and not is_lost`,
  )) as unknown as Place[];
}

async function findLines(places: readonly Place[], say: (warning: string) => void): Promise<object[]> {
  const found: object[] = [];
  for (const path of new Set(places.map((place) => place.path))) {
    const inFile = places.filter((place) => place.path === path);
    let line_number = 0;
    try {
      for await (const line of linesOf(path)) {
        line_number++;
        const matching = inFile.filter(({ needles }) => needles.every((needle) => line.includes(needle)));
        for (const { response_key, file_id } of matching) found.push({ response_key, file_id, line_number });
      }
    } catch (error) {
      say(`${path}: its lines are listed up to ${line_number}, it cannot be read further (${whyUnreadable(error)}).`);
    }
  }
  return found;
}
