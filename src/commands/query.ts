import type { Values } from '../request/arguments.ts';
import { FILTER_ARGS, FORMAT_ARGS, QUERY_ARGS, SETTING_ARGS } from '../request/options.ts';
import { ClawtraceError } from '../errors.ts';
import { readSqlFile, withoutMark } from '../ask/sql-file.ts';
import type { Command } from './command.ts';

export const query: Command = {
  name: 'query',
  description: `Ask anything in SQL: one SELECT over the views, as an argument, from a file or standard input.

Without SQL, in a terminal: a prompt that reads the logs once. The filters narrow the view usage.
A query can only read, and only the logs, the archive and the price tables.

  clawtrace query "select model, sum(cost) as cost from usage group by model order by cost desc"
  clawtrace query -f costs.sql --param project=/src/app --format csv
  echo "from usage limit 5" | clawtrace query`,
  args: {
    sql: {
      type: 'positional',
      required: false,
      description: 'one SELECT over the views usage, sessions, prices, log_files …; - is standard input',
    },
    ...QUERY_ARGS,
    ...FILTER_ARGS,
    ...FORMAT_ARGS,
    ...SETTING_ARGS,
  },
  takesSql: true,
  run: async (values, catalog) => {
    const sql = await readSql(values);
    if (sql === undefined) return (await import('../ask/prompt.ts')).runPrompt(values, catalog);
    if (sql.trim() === '') throw new ClawtraceError(NO_SQL);
    // DuckDB would take what stands before it for the whole
    if (sql.includes('\0')) throw new ClawtraceError('query: the SQL holds a NUL character. Remove it.');
    await (await import('../ask/query.ts')).runUserQuery(sql, values, catalog);
  },
};

const NO_SQL = 'query needs SQL: one SELECT as an argument, with --file, or on standard input.';

/** Undefined if there is none, and a person who can be asked for it. */
async function readSql({ sql, file }: Values): Promise<string | undefined> {
  if (sql !== undefined && file !== undefined)
    throw new ClawtraceError('query takes SQL as an argument or from a --file, not both.');
  const named = (file ?? sql) as string | undefined;
  if (named === undefined && process.stdin.isTTY) {
    if (process.stdout.isTTY) return undefined;
    throw new ClawtraceError(NO_SQL);
  }
  if (named === undefined || named === '-') {
    const { text } = await import('node:stream/consumers');
    return withoutMark(await text(process.stdin));
  }
  return file === undefined ? named : readSqlFile(named);
}
