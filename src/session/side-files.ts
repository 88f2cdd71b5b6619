import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variable } from '../database/variables.ts';
import { ClawtraceError } from '../errors.ts';
import { literalPath } from '../files/literal-path.ts';
import { readIfThere, whyUnreadable } from '../files/regular-file.ts';
import { packagePath } from '../package.ts';
import type { Request } from '../request/request.ts';
import { ownPriceFile } from '../settings/folders.ts';
import { writtenAlertEvents } from './alert-events.ts';

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
export const NO_PRICES = packagePath('sql/1_sources/_empty.csv');

/** The tables of the package that have to do with prices. */
export const packagePrices = (): string[] => [...priceTables(), ALIASES];

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

/** The user's prices, if there are any. */
function readOwnPrices(): string | undefined {
  try {
    return readIfThere(ownPriceFile());
  } catch (error) {
    throw unreadablePrices(whyUnreadable(error));
  }
}

export const SIDE_FILES: Readonly<Record<string, SideFile>> = {
  empty_file: { find: () => EMPTY_FILE },
  price_files: { find: priceTables },
  own_price_file: {
    find: () => {
      const own = readOwnPrices();
      if (own === undefined) return NO_PRICES;
      checkHeader(own, readFileSync(priceTables()[0]!, 'utf8'));
      return ownPriceFile();
    },
    explain: unreadablePrices,
  },
  alias_file: { find: () => ALIASES },
  context_window_file: { find: () => CONTEXT_WINDOWS },
  alert_event_file: { find: ({ isDemo }) => (isDemo ? undefined : writtenAlertEvents()) ?? EMPTY_FILE },
};

/** The variables that name the side files, as DuckDB takes names. */
export const sideFileVariables = (request: Request): Record<string, Variable> =>
  Object.fromEntries(
    Object.entries(SIDE_FILES).map(([name, { find }]) => {
      const found = find(request);
      const isOne = typeof found === 'string';
      return [name, isOne ? [literalPath(found), 'varchar'] : [found.map(literalPath), 'varchar[]']] as const;
    }),
  );

/** All side files, by their paths and as DuckDB takes names. */
export const sideFilePaths = (request: Request): string[] =>
  Object.values(SIDE_FILES)
    .flatMap(({ find }) => find(request))
    .flatMap((path) => [path, literalPath(path)]);

/** Names a state of the price tables: equal versions price alike. */
export function priceVersion(): string {
  const hash = createHash('sha256');
  for (const file of priceTables()) hash.update(readFileSync(file));
  hash.update(readOwnPrices() ?? '').update(readFileSync(ALIASES));
  return hash.digest('hex').slice(0, 12);
}

/** A table without its header, or with a column misspelt, would be taken for one without prices. */
function checkHeader(own: string, shipped: string): void {
  const columns = headerOf(own);
  const known = headerOf(shipped);
  const unknown = columns.find((column) => !known.includes(column));
  if (unknown !== undefined) throw unreadablePrices(`unknown column '${unknown}'`);
  const missing = ['provider', 'model', 'input', 'output'].find((column) => !columns.includes(column));
  if (missing) throw unreadablePrices(`there is no column ${missing}`);
}

const headerOf = (table: string): string[] =>
  table
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 1)[0]!
    .split(',')
    .map((column) =>
      column
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
