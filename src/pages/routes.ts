import { suggestion } from '../suggestion.ts';
import { parseStrict } from '../request/arguments.ts';
import { FILTER_ARGS, FORMAT_ARGS, SETTING_ARGS } from '../request/options.ts';
import { isOfLogs, type Catalog, type Report } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { OLD_PATHS, type OldPath } from './legacy-paths.ts';
import { readRequest } from '../request/request.ts';
import { reportArgs } from '../request/report-arguments.ts';

/** What an address asks for. */
export type Route =
  | { readonly kind: 'run'; readonly type: string; readonly args: readonly string[] }
  | { readonly kind: 'list'; readonly reports: readonly object[]; readonly oldPaths: Readonly<Record<string, string>> }
  | { readonly kind: 'health' }
  | { readonly kind: 'unknown'; readonly message: string };

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** Whether an address is that of the page, whatever its parameters. */
export const isPage = (url: string): boolean => /^\/(\?|$)/.test(url);

/** Reads a path and its query parameters, strictly. */
export async function readRoute(url: string, catalog: Catalog): Promise<Route> {
  if (!url.startsWith('/')) throw new ClawtraceError(`'${url}' is not a path.`);
  const { pathname, searchParams } = new URL(`http://127.0.0.1${url}`);
  if (isPage(url)) return pageRoute(searchParams, catalog);
  if (pathname === '/api/health' || pathname === '/health') return { kind: 'health' };
  if (pathname === '/api' || pathname === '/api/') return listRoute(catalog);
  const old = Object.hasOwn(OLD_PATHS, pathname) ? OLD_PATHS[pathname] : undefined;
  if (old) return oldRoute(old, searchParams, catalog);
  const [, name, format] = /^\/api\/([\w-]+)\.(json|csv)$/.exec(pathname) ?? [];
  const reports = await servedReports(catalog);
  const report = reports.find((known) => pathOf(known) === name);
  if (report) return reportRoute(report, format!, [...searchParams], catalog);
  const near = name === undefined ? '' : suggestion(name, reports.map(pathOf));
  return { kind: 'unknown', message: `there is nothing at ${pathname}.${near} /api/ lists the reports.` };
}

/** Reports of the logs only: estimate would read any file that it is told to. */
const servedReports = async ({ reports }: Catalog): Promise<Report[]> => (await reports()).filter(isOfLogs);

/** The name of a report in a path: archive status is archive-status. */
export const pathOf = ({ name }: Report): string => name.replaceAll(' ', '-');

function pageRoute(given: URLSearchParams, catalog: Catalog): Route {
  const args = optionsFrom([...given], { ...FILTER_ARGS, timezone: SETTING_ARGS.timezone }, []);
  readRequest(parseStrict({ ...FILTER_ARGS, ...SETTING_ARGS }, args, 'dashboard'), catalog);
  return { kind: 'run', type: 'text/html; charset=utf-8', args: ['dashboard', '--output=-', ...args] };
}

function reportRoute(report: Report, format: string, given: readonly [string, string][], catalog: Catalog): Route {
  const known = reportArgs(report, FORMAT_ARGS);
  const reserved = Object.keys({ ...FORMAT_ARGS, ...SETTING_ARGS }).filter((name) => name !== 'timezone');
  const own = Object.fromEntries(Object.entries(known).filter(([name]) => !reserved.includes(name)));
  const positionals = Object.keys(own).filter((name) => own[name]!.type === 'positional');
  const args = optionsFrom(given, own, positionals);
  readRequest(parseStrict(known, args, report.name), catalog, report);
  return { kind: 'run', type: TYPES[format]!, args: [...report.name.split(' '), `--format=${format}`, ...args] };
}

/** Query parameters as options. A value can never be taken for an option. */
function optionsFrom(
  given: readonly (readonly [string, string])[],
  known: Readonly<Record<string, { readonly type?: string }>>,
  positionals: readonly string[],
): string[] {
  const options = [];
  for (const [name, value] of given) {
    if (!Object.hasOwn(known, name)) {
      throw new ClawtraceError(`unknown parameter '${name}'.${suggestion(name, Object.keys(known))}`);
    }
    if (/\p{Cc}/u.test(value)) throw new ClawtraceError(`parameter '${name}' has a control character in its value.`);
    if (positionals.includes(name)) continue;
    if (known[name]!.type !== 'boolean') options.push(`--${name}=${value}`);
    else if (!['false', '0'].includes(value)) options.push(`--${name}`);
  }
  const values = positionals.flatMap((name) => given.filter(([key]) => key === name).map(([, value]) => value));
  return values.length > 0 ? [...options, '--', ...values] : options;
}

/** A path of an earlier dashboard, answered by the report that has its figures. */
async function oldRoute(old: OldPath, given: URLSearchParams, catalog: Catalog): Promise<Route> {
  const report = (await catalog.report(old.report))!;
  const params = [...given].flatMap(([name, value]) => translate(name, value, report));
  const names = params.map(([name]) => name);
  const hasWindow = names.some((name) => WINDOW.includes(name));
  const fixed = Object.entries(old.params ?? {}).filter(
    ([name]) => !(name === 'last' ? hasWindow : names.includes(name)),
  );
  return reportRoute(report, 'json', [...fixed, ...params], catalog);
}

const WINDOW = ['since', 'until', 'last', 'today'];

/** Their names for the last days become the report's own, else ours; a number of rows is ignored unless the report has one. */
function translate(name: string, value: string, { params }: Report): [string, string][] {
  const own = params.map((param) => param.name);
  if (DAYS.includes(name)) return [[DAYS.find((word) => own.includes(word)) ?? 'last', value]];
  return name === 'n' && !own.includes('n') ? [] : [[name, value]];
}

const DAYS = ['range', 'timeframe', 'days'];

async function listRoute(catalog: Catalog): Promise<Route> {
  const reports = (await servedReports(catalog)).map((report) => ({
    name: report.name,
    title: report.title,
    json: `/api/${pathOf(report)}.json`,
    csv: `/api/${pathOf(report)}.csv`,
  }));
  const oldPaths = Object.entries(OLD_PATHS).map(([path, old]) => [path, addressOf(old)]);
  return { kind: 'list', reports, oldPaths: Object.fromEntries(oldPaths) };
}

/** The address that an old path stands for. */
export const addressOf = ({ report, params }: OldPath): string =>
  `/api/${report}.json${params ? `?${new URLSearchParams(params).toString()}` : ''}`;
