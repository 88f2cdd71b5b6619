import type { ArgsDef } from 'citty';
import { isOfLogs, type Report } from '../catalog/catalog.ts';
import { BREAKDOWN_ARGS, FILTER_ARGS, SETTING_ARGS, WEEK_ARGS } from './options.ts';
import { paramArgs } from './report-params.ts';

/** The options of a report, and how its rows are printed. */
export function reportArgs(report: Report, output: ArgsDef): ArgsDef {
  const own = paramArgs(report.params);
  const shared = {
    ...(isOfLogs(report) ? FILTER_ARGS : {}),
    ...(report.keys.length > 0 ? BREAKDOWN_ARGS : {}),
    ...(knowsWeeks(report) ? WEEK_ARGS : {}),
    ...output,
    ...SETTING_ARGS,
  };
  return { ...own, ...shared, ...own };
}

const knowsWeeks = ({ reads }: Report): boolean => reads.includes('week_of');
