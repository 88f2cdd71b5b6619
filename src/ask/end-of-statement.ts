/** Texts, names and comments, whole or not ended yet. */
const QUOTED = /'(?:[^']|'')*('|$)|"(?:[^"]|"")*("|$)|--[^\r\n]*|\/\*[^]*?(\*\/|$)|\$(\w*)\$[^]*?(\$\4\$|$)/g;

/** Whether a statement has its semicolon: one within a text or a comment is none. */
export function isComplete(sql: string): boolean {
  return /;\s*$/.test(sql.replace(QUOTED, (text) => (/^(--|\/\*)/.test(text) ? ' ' : 'x')));
}
