import { suggestion } from '../suggestion.ts';
import type { ArgsDef } from 'citty';
import { splitFirst, type Values } from '../request/arguments.ts';
import { BREAKDOWN_ARGS, FILTER_ARGS, SETTING_ARGS, WEEK_ARGS } from '../request/options.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import type { Exported } from '../ask/export.ts';
import { reportArgs } from '../request/report-arguments.ts';
import { readSqlFile } from '../ask/sql-file.ts';
import type { Command } from './command.ts';

const TARGET_ARGS = {
  output: { type: 'string', alias: 'o', valueHint: 'FILE', description: 'The file to write, or to replace' },
  'partition-by': {
    type: 'string',
    valueHint: 'month,source',
    description: 'Write Parquet files into folders by these columns; month is the UTC month of responded_at',
  },
  excel: {
    type: 'boolean',
    description: 'CSV for spreadsheets: UTF-8 mark, CRLF, no text that acts as a formula',
  },
} as const satisfies ArgsDef;

const FILE_ARGS = {
  file: { type: 'string', valueHint: 'FILE', description: 'Read the SELECT from a file' },
} as const satisfies ArgsDef;

/** The first argument decides which options there are, so it is taken off before the others are read. */
export const exportTo: Command = {
  name: 'export',
  description: `Write a view, a report or one SELECT to a Parquet, CSV, JSON lines, Arrow or Excel file.

WHAT is a report with its options (daily, sessions, focus …), a view (usage, prices, log_files …) or SQL.
The ending of the file's name decides the format: .parquet, .csv, .jsonl, .arrow, .arrows, .xlsx.
The file is replaced as a whole or not at all, and only you can read it.

  clawtrace export usage -o usage.parquet
  clawtrace export daily --last 30d --breakdown=model -o daily.xlsx
  clawtrace export "select model, sum(cost) as cost from usage group by model" -o models.csv
  clawtrace export usage --partition-by month,source -o usage`,
  args: {
    what: { type: 'positional', required: false, description: 'a report, a view, or one SELECT' },
    ...TARGET_ARGS,
    ...FILE_ARGS,
    ...FILTER_ARGS,
    ...SETTING_ARGS,
  },
  takesSql: true,
  narrow: async (args, catalog) => {
    const { first, rest } = splitFirst(args, { ...exportTo.args, ...BREAKDOWN_ARGS, ...WEEK_ARGS });
    return first === undefined
      ? { command: exportTo, args: rest }
      : { command: await commandFor(first, catalog), args: rest };
  },
  run: async (values, catalog) => {
    if (!values.file)
      throw new ClawtraceError("export needs WHAT: a report, a view or one SELECT. See 'clawtrace export --help'.");
    await writeExport({ kind: 'query', sql: readSqlFile(values.file as string) }, values, catalog);
  },
};

async function commandFor(first: string, catalog: Catalog): Promise<Command> {
  const what = await exported(first, catalog);
  const shared = { ...FILTER_ARGS, ...TARGET_ARGS, ...SETTING_ARGS };
  return {
    ...exportTo,
    name: what.kind === 'query' ? 'export' : `export ${first}`,
    args: what.kind === 'report' ? reportArgs(what.report, TARGET_ARGS) : shared,
    run: (values) => writeExport(what, values, catalog),
  };
}

/** If a report and a view share a name, the report is exported; SQL still reads the view. */
async function exported(first: string, { report: find, reports, views }: Catalog): Promise<Exported> {
  const report = await find(first);
  if (report) return { kind: 'report', report };
  const view = views.find(({ name, kind }) => name === first && kind !== 'macro' && kind !== 'function');
  if (view) return { kind: 'view', view };
  if (/\s/.test(first.trim())) return { kind: 'query', sql: first };
  const macro = views.find(({ name }) => name === first);
  if (macro)
    throw new ClawtraceError(
      `${first}(${macro.macroParams}) is not a view: export one SELECT that passes its arguments.`,
    );
  const known = [...(await reports()), ...views].map(({ name }) => name);
  throw new ClawtraceError(
    `there is no report or view '${first}'.${suggestion(first, known)} SQL must be one argument, in quotes.`,
  );
}

async function writeExport(what: Exported, values: Values, catalog: Catalog): Promise<void> {
  await (await import('../ask/export.ts')).runExport(what, values, catalog);
}
