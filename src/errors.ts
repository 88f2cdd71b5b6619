/** An error that the user can fix: one line on stderr, no stack. */
export class ClawtraceError extends Error {
  override name = 'ClawtraceError';
}

/** SQL that DuckDB refused, and what to call it. Its message is explained at the edge (explain.ts). */
export class QueryError extends Error {
  override name = 'QueryError';

  readonly what: string;
  /** Variables that the SQL reads: they show which of the user's files the error is about. */
  readonly variables: readonly string[];

  constructor(what: string, message: string, variables: readonly string[] = []) {
    super(message);
    this.what = what;
    this.variables = variables;
  }
}
