import { FILTER_ARGS, SETTING_ARGS, WEEK_ARGS } from '../request/options.ts';
import type { Command } from './command.ts';

export const initSql: Command = {
  name: 'init-sql',
  description: `Print a script that gives a plain duckdb shell the same views.

The script names the logs that exist now, and reads them once when it runs. The filters narrow the view usage.

  clawtrace init-sql > init.sql && duckdb -init init.sql`,
  args: { ...FILTER_ARGS, ...WEEK_ARGS, ...SETTING_ARGS },
  run: async (values, catalog) => (await import('../ask/init-sql.ts')).printInitSql(values, catalog),
};
