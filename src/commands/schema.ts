import { FORMAT_ARGS, SETTING_ARGS } from '../request/options.ts';
import type { Command } from './command.ts';

export const schema: Command = {
  name: 'schema',
  description: `Print the views that a query can read, and their columns with types, units and meaning.

Build on usage, sessions, projects, prices and log_files: their columns are stable. No log is read.

  clawtrace schema usage
  clawtrace schema --json`,
  args: {
    view: { type: 'positional', required: false, description: 'only this view' },
    ...FORMAT_ARGS,
    config: SETTING_ARGS.config,
  },
  run: async (values, catalog) =>
    (await import('../ask/describe-views.ts')).runSchema(values.view as string | undefined, values, catalog),
};
