import { formatCell, heading, isNumeric, type Cells } from './cells.ts';

/** A table in GitHub's Markdown. */
export function toMarkdown(cells: Cells): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |\n`;
  const format = (texts: readonly (string | null)[]): string =>
    line(cells.columns.map((column, index) => escape(formatCell(column, texts[index] ?? null, false))));
  return [
    line(cells.columns.map((column) => escape(heading(column)))),
    line(cells.columns.map((column) => (isNumeric(column) ? '---:' : '---'))),
    ...cells.lines.map(({ cells: texts }) => format(texts)),
    ...(cells.totals ? [format(cells.totals)] : []),
  ].join('');
}

function escape(text: string): string {
  return text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replace(/^ {2}/, '&nbsp;&nbsp;');
}
