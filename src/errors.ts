/** An error that the user can mend: one line on stderr, no stack. */
export class ClawtraceError extends Error {
  override name = 'ClawtraceError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
