/** An error that the user can mend: one line on stderr, no stack. */
export class ClawtraceError extends Error {
  override name = 'ClawtraceError';
}

/** SQL that DuckDB refused, with the name of what it is. What its message means is said at the edge (explain.ts). */
export class QueryError extends Error {
  override name = 'QueryError';

  readonly what: string;
  /** Variables that the SQL reads: they tell which of the user's files it was about. */
  readonly variables: readonly string[];

  constructor(what: string, message: string, variables: readonly string[] = []) {
    super(message);
    this.what = what;
    this.variables = variables;
  }
}
