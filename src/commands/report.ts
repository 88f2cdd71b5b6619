import type { ArgsDef } from 'citty';
import { BREAKDOWN_ARGS, FILTER_ARGS, FORMAT_ARGS, paramArgs, SETTING_ARGS, WEEK_ARGS } from '../arguments.ts';
import type { Report } from '../catalog.ts';
import type { Command } from './command.ts';

/** A report of the catalogue as a command. */
export function reportCommand(report: Report): Command {
  return {
    name: report.name,
    description: [report.title, report.text, examples(report)].filter(Boolean).join('\n\n'),
    args: reportArgs(report, FORMAT_ARGS),
    run: async (values, catalog) => (await import('../run.ts')).runReport(report, values, catalog),
  };
}

/** What a report can be asked, and how its rows are put out. */
export function reportArgs(report: Report, output: ArgsDef): ArgsDef {
  const own = paramArgs(report.params);
  const shared = {
    ...FILTER_ARGS,
    ...(canBreakDown(report) ? BREAKDOWN_ARGS : {}),
    ...(report.sql.includes("getvariable('week_start')") ? WEEK_ARGS : {}),
    ...output,
    ...SETTING_ARGS,
  };
  return { ...own, ...shared, ...own };
}

/** A report that sums by usage_by can split its rows. */
const canBreakDown = (report: Report): boolean => /\busage_by\s*\(/.test(report.sql);

function examples(report: Report): string {
  return report.examples.map((example) => `  clawtrace ${report.name} ${example}`.trimEnd()).join('\n');
}
