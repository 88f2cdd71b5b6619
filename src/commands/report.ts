import type { ArgsDef } from 'citty';
import { BREAKDOWN_ARGS, FILTER_ARGS, FORMAT_ARGS, paramArgs, SETTING_ARGS, WEEK_ARGS } from '../request/arguments.ts';
import { readsLogs, type Catalog, type Report } from '../catalog/catalog.ts';
import type { Command } from './command.ts';

/** A report of the catalogue as a command. */
export function reportCommand(report: Report, { views }: Catalog): Command {
  return {
    name: report.name,
    description: [report.title, report.text, examples(report)].filter(Boolean).join('\n\n'),
    args: reportArgs(report, FORMAT_ARGS, { views }),
    run: async (values, catalog) => {
      await (await import('../ask/report.ts')).runReport(report, values, catalog);
    },
  };
}

/** What a report can be asked, and how its rows are put out. */
export function reportArgs(report: Report, output: ArgsDef, { views }: Pick<Catalog, 'views'>): ArgsDef {
  const own = paramArgs(report.params);
  const shared = {
    ...(readsLogs(report.sql, views) ? FILTER_ARGS : {}),
    ...(report.keys.length > 0 ? BREAKDOWN_ARGS : {}),
    ...(knowsWeeks(report) ? WEEK_ARGS : {}),
    ...output,
    ...SETTING_ARGS,
  };
  return { ...own, ...shared, ...own };
}

const knowsWeeks = (report: Report): boolean => report.reads.includes('week_of');

function examples(report: Report): string {
  return report.examples.map((example) => `  clawtrace ${report.name} ${example}`.trimEnd()).join('\n');
}
