import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownPriceFile } from '../settings/config.ts';
import type { Variable } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';

/** Where the price tables are. */
export interface PriceFiles {
  /** Names a state of the tables: equal versions price alike. */
  readonly version: string;
  readonly variables: Readonly<Record<string, Variable>>;
}

/** Stands where the user has no prices. */
const NO_PRICES = packagePath('sql/1_sources/_empty.csv');

/** The price tables of the package, and the user's own. */
export function findPrices(): PriceFiles {
  const folder = packagePath('pricing');
  const aliases = join(folder, 'aliases.csv');
  const contextWindows = join(folder, 'context_windows.csv');
  const shipped = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => join(folder, name));
  const tables = shipped.filter((file) => file !== aliases && file !== contextWindows);
  const own = existsSync(ownPriceFile()) ? [ownPriceFile()] : [];
  for (const file of own) checkHeader(file, tables[0]!);
  return {
    version: contentHash([...tables, ...own, aliases]),
    variables: {
      price_files: [tables, 'varchar[]'],
      own_price_file: [own[0] ?? NO_PRICES, 'varchar'],
      alias_file: [aliases, 'varchar'],
      context_window_file: [contextWindows, 'varchar'],
    },
  };
}

/** A table without its header, or with a column misspelt, would be taken for one without prices. */
function checkHeader(file: string, shipped: string): void {
  const columns = headerOf(file);
  const known = headerOf(shipped);
  const unknown = columns.find((column) => !known.includes(column));
  if (unknown !== undefined) throw unreadablePrices(`no column is called '${unknown}'`);
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

/** Those of the package are tested: what cannot be read is the user's own. */
export const unreadablePrices = (why: string): ClawtraceError =>
  new ClawtraceError(
    `${ownPriceFile()}: cannot be read as prices (${why}). ` +
      'It is CSV whose first line names the columns, as in provider,model,effective_from,input,output.',
  );

function contentHash(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}
