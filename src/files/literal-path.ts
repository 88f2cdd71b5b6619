/** Matches a backslash and no other character: its own range is left out of all that there are. */
const BACKSLASH = '[!]-\x7f\x01-[\x80-[]';

/**
 * A path as a pattern that matches that file alone, as literal_path.sql writes it: for paths that SQL is given, and does
 * not make.
 */
export function literalPath(path: string): string {
  if (!/[[*?]/.test(path)) return path;
  const pattern = path.replaceAll(/[[*?]/g, '[$&]');
  return path.startsWith('/') ? pattern.replaceAll('\\', BACKSLASH) : pattern;
}

/** The path that such a pattern stands for. */
export const pathOfPattern = (pattern: string): string =>
  pattern.replaceAll(BACKSLASH, '\\').replaceAll(/\[([[*?])\]/g, '$1');
