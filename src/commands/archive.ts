import { FILTER_ARGS, readAge, SETTING_ARGS } from '../arguments.ts';
import { log } from '../log.ts';
import type { Command } from './command.ts';

const count = new Intl.NumberFormat('en-US');

export const archive: Command = {
  name: 'archive',
  description: `Keep what the agents' logs say of usage, before the agents delete them.

Writes Parquet files, and nothing of what was said, to clawtrace/archive in your data folder. Reports add
them to the logs by themselves, and read only logs that have changed since. The logs are never touched.

  clawtrace archive
  clawtrace archive status
  clawtrace archive verify`,
  args: {
    'dry-run': { type: 'boolean', description: 'Only say what would be written' },
    before: { type: 'string', valueHint: '90d', description: 'Only logs that have not changed for so long' },
    compact: { type: 'boolean', description: 'Write everything anew, as one file per month' },
    source: FILTER_ARGS.source,
    logs: SETTING_ARGS.logs,
    archive: {
      ...SETTING_ARGS.archive,
      description: 'Folder to write to; default: clawtrace/archive in your data folder',
    },
    config: SETTING_ARGS.config,
  },
  run: async (values, catalog) => {
    const [{ writeArchive }, { readRequest }, { archiveRoot }, { now }] = await Promise.all([
      import('../archiver.ts'),
      import('../session.ts'),
      import('../archive.ts'),
      import('../clock.ts'),
    ]);
    const request = readRequest(values, catalog);
    const isDryRun = Boolean(values['dry-run']);
    const { folder, files, groups, bytes, warnings } = await writeArchive(
      request,
      request.archiveRoots[0] ?? archiveRoot(),
      {
        before: readAge(values.before as string | undefined, 'before', now()),
        compacts: Boolean(values.compact),
        isDryRun,
      },
    );
    for (const warning of warnings) log.warn(warning);
    if (files === 0) log.info(`${folder}: nothing new.`);
    else if (isDryRun) log.info(`${folder}: ${count.format(files)} log files to write. Nothing was written.`);
    else
      log.info(
        `${folder}: ${count.format(files)} log files, ${count.format(groups)} groups of lines, ${count.format(bytes)} bytes written.`,
      );
  },
};
