/** An error that the user can mend: one line on stderr, no stack. */
export class ClawtraceError extends Error {
  override name = 'ClawtraceError';
}

/** DuckDB's message in a few lines, and in our words where it is about our protection. */
export function explainError(message: string): string {
  const file = /Cannot access (?:file|directory) "(.*?)" - file system operations are disabled/.exec(message)?.[1];
  if (file !== undefined) return `may not read ${file}: only logs, archive and price tables (query --write may).`;
  if (message.startsWith('INTERRUPT')) return 'stopped.';
  if (/bind parameter index/.test(message)) return 'a --param is not in the SQL: it needs $NAME there.';
  const lines = message.split('\n').filter((line) => line.trim());
  return (message.startsWith('Out of Memory') ? lines.slice(0, 1) : lines).join('\n');
}
