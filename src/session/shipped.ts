import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { SqlFile } from '../catalog/sql-file.ts';
import { ClawtraceError } from '../errors.ts';
import { literalOf } from '../database/variables.ts';
import { packagePath, packageVersion } from '../package.ts';
import { packagePrices } from './side-files.ts';

/**
 * The database that the build makes of sql/ and pricing/ (write-shipped.ts): every view and macro, the prices, and
 * every other table without a row. A table of the session with the same name takes the place of one in it, for the
 * views as well. Its name says what it was made of, so that it cannot be an old one.
 */
export function shippedFile(views: readonly SqlFile[]): string {
  const hash = createHash('sha256').update(packageVersion());
  for (const { kind, name, macroParams, sql } of views) hash.update(JSON.stringify([kind, name, macroParams, sql]));
  for (const file of packagePrices()) hash.update(readFileSync(file));
  return packagePath(`dist/views-${hash.digest('hex').slice(0, 12)}.duckdb`);
}

/** Opens it beside the database of the session, which may have tables of its own. */
export function attachStatement(views: readonly SqlFile[]): string {
  const file = shippedFile(views);
  if (!existsSync(file))
    throw new ClawtraceError('dist/ was built from other files than those in sql/ and pricing/. Run: npm run build');
  return `attach ${literalOf(file)} as shipped (read_only); set search_path = 'memory.main,shipped.main'`;
}
