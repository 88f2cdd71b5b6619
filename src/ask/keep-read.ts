import { archiveRoot, machineFolder } from '../archive/manifest.ts';
import { runName, timeOf } from '../archive/run-name.ts';
import { rows } from '../database/connection.ts';
import { setVariables } from '../database/variables.ts';
import type { Request } from '../request/request.ts';
import type { Session } from '../session/session.ts';
import { now } from '../settings/clock.ts';
import { addToArchive, countArchivable, hasManyParts, runVariables, whileLocked } from './write-archive.ts';

/** Bytes of logs that are worth a part of their own, and for how long fewer can wait. */
const WORTH_BYTES = 16e6;
const WORTH_MS = 86_400_000;

/**
 * Adds what a report has read to the archive of this machine: then it need not be read again, and outlives its log. Not
 * every line is worth that at once, and nothing is that was read although the archive has it. Whatever is in the way
 * (another run, a full disk, a folder that cannot be written) costs no more than the next reading.
 */
export async function keepRead({ connection, request, found, archives }: Session): Promise<void> {
  const folder = machineFolder(archiveRoot(), request.config.machine);
  const before = archives.find((archive) => archive.folder === folder);
  const run = runName(before);
  await setVariables(connection, {
    ...runVariables(run, hasManyParts(before) && isOfAll(request.selection)),
    archive_before: [null, 'timestamptz'],
    purge_before: [null, 'timestamptz'],
  });
  const [fresh] = await rows(
    connection,
    `select
      count(*) > 0 and (sum(bytes) >= ${WORTH_BYTES} or $isDue) and not (getvariable('rereads') and $isKnown) as is_worth
    from archivable_files inner join log_files using (source, file_id) where is_fresh`,
    { isDue: before === undefined || now().getTime() - timeOf(before.run) > WORTH_MS, isKnown: before !== undefined },
  );
  if (!fresh!.is_worth) return;
  const counted = await countArchivable(connection, { folder, found: found.files.length, warnings: [] });
  await whileLocked(folder, (lock) => addToArchive({ connection, folder, before, run, counted, request }, {}, lock));
}

/** Whether every log file counts, and not only those of a window or a source. */
const isOfAll = ({ since, last_days, filters }: Request['selection']): boolean =>
  [since, last_days, filters.source].every((limit) => limit === null);
