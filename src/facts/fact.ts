import type { Archive } from '../archive/manifest.ts';
import type { Connection } from '../database/connection.ts';
import type { Columns } from '../database/records.ts';
import type { Request } from '../request/request.ts';
import type { LogFile } from '../sources/discover.ts';
import type { IndexedSession } from '../sources/openclaw-index.ts';

/** What a fact is found from. */
export interface Context {
  readonly connection: Connection;
  readonly request: Request;
  readonly files: readonly LogFile[];
  /** As their manifests say, damaged parts included. */
  readonly archives: readonly Archive[];
  /** Sessions that the databases among the logs named while they were read. */
  readonly inDatabases: readonly IndexedSession[];
  /** Takes a warning about what cannot be looked at. */
  readonly say: (warning: string) => void;
}

/** Records of tables, by the name of the table. */
export type Records = Readonly<Record<string, readonly object[]>>;

/** Tables that SQL reads and only TypeScript can fill: they exist from the start, and are empty until then. */
export interface Fact {
  readonly tables: Readonly<Record<string, Columns>>;
  /** True if it is found from files beside the logs alone. */
  readonly isOfFiles?: true;
  /** True if it is found from the rows of the report, which are in the table result by then. */
  readonly readsResult?: true;
  /** True if the databases among the logs name some of it, which must then be read even if the archive has their usage. */
  readonly readsDatabases?: true;
  /** Finds the records, once something reads one of the tables. It may ask the database what the logs say. */
  readonly find: (context: Context) => Records | Promise<Records>;
}
