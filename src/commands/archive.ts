import { counted } from '../counted.ts';
import { resolve } from 'node:path';
import type { Values } from '../request/arguments.ts';
import { FILTER_ARGS, SETTING_ARGS } from '../request/options.ts';
import type { Archived, ArchiveOptions } from '../ask/write-archive.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import { expandHome } from '../files/home.ts';
import type { Command } from './command.ts';

const PLACE_ARGS = {
  'dry-run': { type: 'boolean', description: 'Only say what would be written' },
  logs: SETTING_ARGS.logs,
  archive: {
    ...SETTING_ARGS.archive,
    description: 'Folder to write to; default: clawtrace/archive in your data folder',
  },
  config: SETTING_ARGS.config,
} as const;

const purge: Command = {
  name: 'archive purge',
  description: `Delete old usage: all responses before a day, if their logs are gone. Asks first.

  clawtrace archive purge --before 400d`,
  args: {
    before: { type: 'string', valueHint: '400d', description: 'Delete what is older than this' },
    yes: { type: 'boolean', description: 'Do not ask' },
    ...PLACE_ARGS,
  },
  run: async (values, catalog) => {
    if (values.before === undefined) throw new ClawtraceError('archive purge needs --before, such as --before 400d.');
    await write(values, catalog, { purges: true });
  },
};

async function askToPurge(dayOf: () => Promise<string>): Promise<void> {
  if (!process.stdin.isTTY) throw new ClawtraceError('archive purge asks before it deletes. In scripts, use --yes.');
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(
    `Usage from before ${await dayOf()} that is no longer in any log will be deleted. Type 'purge' to go on: `,
  );
  prompt.close();
  if (answer.trim() !== 'purge') throw new ClawtraceError('Nothing was purged.');
}

export const archive: Command = {
  name: 'archive',
  description: `Keep the usage figures in agents' logs, before the agents delete the logs.

Writes Parquet files with usage figures, never the conversation, to clawtrace/archive in your data folder.
Reports count them with the logs, and read only logs that have changed since. They also add what they read, at most
once a day or after 16 MB of new logs. Logs are never changed.

  clawtrace archive
  clawtrace archive status
  clawtrace archive verify
  clawtrace archive purge --before 400d`,
  args: {
    before: { type: 'string', valueHint: '90d', description: 'Only logs that have not changed for this long' },
    compact: { type: 'boolean', description: 'Rewrite everything, as one file per month' },
    repair: { type: 'boolean', description: 'Read all logs again, and go on without files missing from the archive' },
    source: FILTER_ARGS.source,
    ...PLACE_ARGS,
  },
  actions: [purge],
  run: async (values, catalog) => {
    await write(values, catalog, { compacts: Boolean(values.compact), repairs: Boolean(values.repair) });
  },
};

async function write(values: Values, catalog: Catalog, what: Omit<ArchiveOptions, 'isDryRun'>): Promise<void> {
  const [{ dayBefore, writeArchive }, { readRequest }, { archiveRoot }] = await Promise.all([
    import('../ask/write-archive.ts'),
    import('../request/request.ts'),
    import('../archive/manifest.ts'),
  ]);
  const { archive: named, ...rest } = values;
  const isDryRun = Boolean(values['dry-run']);
  // a folder to write to need not exist, and is not a pattern
  const root = named ? resolve(expandHome(named as string)) : archiveRoot();
  const request = readRequest(rest, catalog);
  if (what.purges && !isDryRun && !values.yes) await askToPurge(() => dayBefore(request));
  const archived = await writeArchive(request, root, { ...what, isDryRun });
  for (const warning of archived.warnings) log.warn(warning);
  log.info(what.purges ? saidOfPurge(archived, isDryRun) : said(archived, isDryRun));
}

function said({ folder, found, files, groups, bytes }: Archived, isDryRun: boolean): string {
  if (found === 0) return 'No logs found: there is nothing to archive. clawtrace sources shows where it looks.';
  if (files === 0) return `${folder}: nothing new.`;
  const figures = `${counted(files, 'log file')}, ${counted(groups, 'group of lines', 'groups of lines')}`;
  if (isDryRun) return `${folder}: ${figures} to write. Nothing was written.`;
  return `${folder}: ${figures}, ${counted(bytes, 'byte')} written.`;
}

function saidOfPurge({ folder, purged }: Archived, isDryRun: boolean): string {
  if (purged === 0) return `${folder}: nothing to delete.`;
  const figures = counted(purged, 'group of lines', 'groups of lines');
  return isDryRun ? `${folder}: ${figures} to delete. Nothing was changed.` : `${folder}: ${figures} deleted.`;
}
