import type { Names } from '../database/names.ts';
import type { Variable } from '../database/variables.ts';

/** What is asked of a session. */
export interface Asked {
  /** What the SQL names that will run. */
  readonly names: Names;
  /** Every view exists, named or not: tables that nothing else reads become views, which cost nothing until they are read. */
  readonly hasAll?: boolean;
  /** Read the logs of all days, whatever the window. */
  readonly readsAllTime?: boolean;
  /** Read logs that the archive holds, too. */
  readonly rereads?: boolean;
  /** Go on without parts that an archive has lost. */
  readonly mends?: boolean;
  /** Many questions follow: what the archive holds is read once for all of them. */
  readonly asksOften?: boolean;
  /** SQL of the user runs, which may be any work: it gets all threads, however small the logs are. */
  readonly isAnyWork?: boolean;
  readonly variables?: Readonly<Record<string, Variable>>;
}
