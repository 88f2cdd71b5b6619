/** Strings, names and comments, complete or not closed yet. */
const QUOTED = /'(?:[^']|'')*('|$)|"(?:[^"]|"")*("|$)|--[^\r\n]*|\/\*[^]*?(\*\/|$)|\$(\w*)\$[^]*?(\$\4\$|$)/g;

/** Whether a statement ends in a semicolon, other than one within a string or a comment. */
export function isComplete(sql: string): boolean {
  return /;\s*$/.test(sql.replace(QUOTED, (text) => (/^(--|\/\*)/.test(text) ? ' ' : 'x')));
}
