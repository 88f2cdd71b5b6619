import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variable } from '../database/variables.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';
import type { Request } from '../request/request.ts';
import { ownPriceFile } from '../settings/config.ts';
import { alertEventPattern } from './alert-events.ts';

/** Files beside the logs that SQL reads itself, by the variable that names them. */
export interface SideFile {
  /** A path, or a list of them. If there is no such file, an empty one of the package stands in for it. */
  readonly find: (request: Request) => string | readonly string[];
  /** What to say if DuckDB cannot read it as what it should be. */
  readonly explain?: (why: string) => ClawtraceError;
}

const priceFolder = packagePath('pricing');
const ALIASES = join(priceFolder, 'aliases.csv');
const CONTEXT_WINDOWS = join(priceFolder, 'context_windows.csv');

/** Stands in for an empty list of logs, which DuckDB refuses. */
export const EMPTY_FILE = packagePath('sql/1_sources/_empty.jsonl');
/** Stands in if the user has no prices. */
const NO_PRICES = packagePath('sql/1_sources/_empty.csv');

/** The price tables of the package. */
const priceTables = (): string[] =>
  readdirSync(priceFolder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => join(priceFolder, name))
    .filter((file) => file !== ALIASES && file !== CONTEXT_WINDOWS);

/** The package's tables are tested: a table that cannot be read is the user's own. */
const unreadablePrices = (why: string): ClawtraceError =>
  new ClawtraceError(
    `${ownPriceFile()}: cannot be read as prices (${why}). ` +
      'It must be CSV whose first line names the columns, such as provider,model,effective_from,input,output.',
  );

export const SIDE_FILES: Readonly<Record<string, SideFile>> = {
  empty_file: { find: () => EMPTY_FILE },
  price_files: { find: priceTables },
  own_price_file: {
    find: () => {
      if (!existsSync(ownPriceFile())) return NO_PRICES;
      checkHeader(ownPriceFile(), priceTables()[0]!);
      return ownPriceFile();
    },
    explain: unreadablePrices,
  },
  alias_file: { find: () => ALIASES },
  context_window_file: { find: () => CONTEXT_WINDOWS },
  alert_event_file: { find: ({ isDemo }) => (isDemo ? undefined : alertEventPattern()) ?? EMPTY_FILE },
};

/** The variables that name the side files. */
export const sideFileVariables = (request: Request): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(SIDE_FILES).map(([name, { find }]) => {
      const found = find(request);
      return [name, [found, typeof found === 'string' ? 'varchar' : 'varchar[]'] as const];
    }),
  );

/** All side files. */
export const sideFilePaths = (request: Request): string[] =>
  Object.values(SIDE_FILES).flatMap(({ find }) => find(request));

/** Names a state of the price tables: equal versions price alike. */
export function priceVersion(): string {
  const own = existsSync(ownPriceFile()) ? [ownPriceFile()] : [];
  const hash = createHash('sha256');
  for (const file of [...priceTables(), ...own, ALIASES]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/** A table without its header, or with a column misspelt, would be taken for one without prices. */
function checkHeader(file: string, shipped: string): void {
  const columns = headerOf(file);
  const known = headerOf(shipped);
  const unknown = columns.find((column) => !known.includes(column));
  if (unknown !== undefined) throw unreadablePrices(`unknown column '${unknown}'`);
  const missing = ['provider', 'model', 'input', 'output'].find((column) => !columns.includes(column));
  if (missing) throw unreadablePrices(`there is no column ${missing}`);
}

const headerOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 1)[0]!
    .split(',')
    .map((column) =>
      column
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
