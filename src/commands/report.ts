import type { Report } from '../catalog/catalog.ts';
import { FORMAT_ARGS } from '../request/options.ts';
import { reportArgs } from '../request/report-arguments.ts';
import type { Command } from './command.ts';

/** A report of the catalogue as a command. */
export function reportCommand(report: Report): Command {
  return {
    name: report.name,
    description: [report.title, report.text, examples(report)].filter(Boolean).join('\n\n'),
    args: reportArgs(report, FORMAT_ARGS),
    run: async (values, catalog) => (await import('../ask/report.ts')).runReport(report, values, catalog),
  };
}

function examples(report: Report): string {
  return report.examples.map((example) => `  clawtrace ${report.name} ${example}`.trimEnd()).join('\n');
}
