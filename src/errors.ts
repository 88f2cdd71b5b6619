/** An error that the user can fix: one line on stderr, no stack. */
export class ClawtraceError extends Error {
  override name = 'ClawtraceError';

  /** Lines below the message, such as the place in the user's SQL. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
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

/** The lines that tell of an error: what the user can mend in words, anything else with its stack. */
export function toldLines(error: unknown, isMendable: boolean): readonly [string, ...string[]] {
  const { message, details = [], stack = String(error) } = error as Partial<ClawtraceError>;
  if (isMendable && !process.env.CLAWTRACE_DEBUG) return [message ?? '', ...details];
  const [first, ...below] = stack.split('\n');
  return [first!, ...below];
}
