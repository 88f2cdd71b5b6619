import { FILTER_ARGS, FORMAT_ARGS, SETTING_ARGS } from '../arguments.ts';
import type { Command } from './command.ts';

export const query: Command = {
  name: 'query',
  description: `Ask anything in SQL: one SELECT over the views.

The filters narrow the view usage.

  clawtrace query "select model, sum(cost) as cost from usage group by model order by cost desc"`,
  args: {
    sql: {
      type: 'positional',
      required: true,
      description: 'one SELECT over the views usage, sessions, prices, log_files …',
    },
    ...FILTER_ARGS,
    ...FORMAT_ARGS,
    ...SETTING_ARGS,
  },
  takesSql: true,
  run: async (values, catalog) => {
    await (await import('../run.ts')).runUserQuery(values.sql as string, values, catalog);
  },
};
