import { createInterface } from 'node:readline/promises';
import { FILTER_ARGS, readAge, SETTING_ARGS, type Values } from '../arguments.ts';
import type { ArchiveOptions } from '../archiver.ts';
import type { Catalog } from '../catalog.ts';
import { now } from '../clock.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
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
  description: `Forget what is old: of logs that are gone, all responses before a day. It asks first.

  clawtrace archive purge --before 400d`,
  args: {
    before: { type: 'string', valueHint: '400d', description: 'Forget what is older than this' },
    yes: { type: 'boolean', description: 'Do not ask' },
    ...PLACE_ARGS,
  },
  run: async (values, catalog) => {
    const purgeBefore = readAge(values.before as string | undefined, 'before', now());
    if (!purgeBefore) throw new ClawtraceError('archive purge needs --before, such as --before 400d.');
    if (!values.yes && !values['dry-run']) await askToPurge(purgeBefore);
    await write(values, catalog, { before: undefined, compacts: false, purgeBefore });
  },
};

async function askToPurge(before: Date): Promise<void> {
  if (!process.stdin.isTTY) throw new ClawtraceError('archive purge asks before it forgets. For scripts: --yes.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const day = before.toISOString().slice(0, 10);
  const answer = await prompt.question(
    `What is older than ${day}, and in no log any more, will be gone. Type 'purge' to go on: `,
  );
  prompt.close();
  if (answer.trim() !== 'purge') throw new ClawtraceError('Nothing was purged.');
}

export const archive: Command = {
  name: 'archive',
  description: `Keep what the agents' logs say of usage, before the agents delete them.

Writes Parquet files, and nothing of what was said, to clawtrace/archive in your data folder. Reports add
them to the logs by themselves, and read only logs that have changed since. The logs are never touched.

  clawtrace archive
  clawtrace archive status
  clawtrace archive verify
  clawtrace archive purge --before 400d`,
  args: {
    before: { type: 'string', valueHint: '90d', description: 'Only logs that have not changed for so long' },
    compact: { type: 'boolean', description: 'Write everything anew, as one file per month' },
    source: FILTER_ARGS.source,
    ...PLACE_ARGS,
  },
  actions: [purge],
  run: async (values, catalog) => {
    const before = readAge(values.before as string | undefined, 'before', now());
    await write(values, catalog, { before, compacts: Boolean(values.compact), purgeBefore: undefined });
  },
};

const count = new Intl.NumberFormat('en-US');

async function write(values: Values, catalog: Catalog, what: Omit<ArchiveOptions, 'isDryRun'>): Promise<void> {
  const [{ writeArchive }, { readRequest }, { archiveRoot }] = await Promise.all([
    import('../archiver.ts'),
    import('../request.ts'),
    import('../archive.ts'),
  ]);
  const request = readRequest(values, catalog);
  const isDryRun = Boolean(values['dry-run']);
  const root = request.archiveRoots[0] ?? archiveRoot();
  const { folder, files, groups, bytes, warnings } = await writeArchive(request, root, { ...what, isDryRun });
  for (const warning of warnings) log.warn(warning);
  const figures = `${count.format(files)} log files, ${count.format(groups)} groups of lines`;
  if (files === 0) log.info(`${folder}: nothing new.`);
  else if (isDryRun) log.info(`${folder}: ${figures} to write. Nothing was written.`);
  else log.info(`${folder}: ${figures}, ${count.format(bytes)} bytes written.`);
}
