import type { Result } from '../session/result.ts';
import type { Session } from '../session/session.ts';
import { formatCell, heading, isNumeric, readLines, readTotals } from './cells.ts';

/** A table in GitHub's Markdown. */
export async function* toMarkdown(session: Session, result: Result): AsyncGenerator<string> {
  const { columns } = result;
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |\n`;
  const format = (texts: readonly (string | null)[]): string =>
    line(columns.map((column, index) => escape(formatCell(column, texts[index] ?? null, false))));
  yield line(columns.map((column) => escape(heading(column))));
  yield line(columns.map((column) => (isNumeric(column) ? '---:' : '---')));
  let hasRows = false;
  for await (const lines of readLines(session, result)) {
    yield lines.map(({ cells }) => format(cells)).join('');
    hasRows ||= lines.length > 0;
  }
  const totals = hasRows ? await readTotals(session.connection, result) : null;
  if (totals) yield format(totals);
}

function escape(text: string): string {
  return text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replace(/^ {2}/, '&nbsp;&nbsp;');
}
