import type { ArgsDef } from 'citty';
import {
  BREAKDOWN_ARGS,
  FILTER_ARGS,
  FORMAT_ARGS,
  paramArgs,
  SETTING_ARGS,
  WEEK_ARGS,
  type Values,
} from '../arguments.ts';
import type { Report } from '../catalog.ts';
import { ClawtraceError } from '../errors.ts';
import type { Command } from './command.ts';

/** A report of the catalogue as a command. */
export function reportCommand(report: Report): Command {
  return {
    name: report.name,
    description: [report.title, report.text, examples(report)].filter(Boolean).join('\n\n'),
    args: reportArgs(report),
    run: async (values, catalog) => (await import('../run.ts')).runReport(report, values, catalog),
  };
}

function reportArgs(report: Report): ArgsDef {
  return {
    ...paramArgs(report.params),
    ...FILTER_ARGS,
    ...(canBreakDown(report) ? BREAKDOWN_ARGS : {}),
    ...(report.sql.includes("getvariable('week_start')") ? WEEK_ARGS : {}),
    ...FORMAT_ARGS,
    ...SETTING_ARGS,
  };
}

/** A report that sums by usage_by can split its rows. */
const canBreakDown = (report: Report): boolean => /\busage_by\s*\(/.test(report.sql);

function examples(report: Report): string {
  return report.examples.map((example) => `  clawtrace ${report.name} ${example}`.trimEnd()).join('\n');
}

/** The values of a report's own parameters, checked. */
export function readParams(report: Report, values: Values): Record<string, string | boolean | null> {
  return Object.fromEntries(
    report.params.map(({ name, type }) => {
      const value = values[name.replaceAll('_', '-')] as string | boolean | undefined;
      if (type === 'integer' && value !== undefined && !/^\d{1,9}$/.test(value as string)) {
        throw new ClawtraceError(`--${name.replaceAll('_', '-')} must be a whole number, not '${value}'.`);
      }
      return [name, value ?? null];
    }),
  );
}
