import { styleText } from 'node:util';
import stringWidth from 'string-width';
import { isShape } from '../session/result.ts';
import { formatCell, heading, type Cells } from './cells.ts';
import { wrap, type Terminal } from './terminal.ts';

/** Values get at least this width, so that they stay readable next to long names. */
const LEAST_VALUE = 12;

/** One block per row and one line per value, for when a table does not fit: nothing is cut or left out. */
export function drawRecords({ columns, lines, totals }: Cells, { width = Infinity, hasColor }: Terminal): string {
  const names = columns.map(heading);
  const nameWidth = Math.max(...names.map((name) => stringWidth(name)));
  const block = (cells: readonly (string | null)[], indent: string): string =>
    columns
      .flatMap((column, index) => {
        const text = formatCell(column, cells[index] ?? null, false).trim();
        if (isShape(column) || text === '') return [];
        const room = Math.max(LEAST_VALUE, width - indent.length - nameWidth - 2);
        const rows = stringWidth(text) > room ? wrap(text, room) : [text];
        return rows.map((row, place) => {
          const name = (place === 0 ? names[index]! : '').padEnd(nameWidth);
          return `${indent}${hasColor ? styleText('dim', name) : name}  ${row}\n`;
        });
      })
      .join('');
  return [
    ...lines.map((line) => block(line.cells, line.isPart ? '  ' : '')),
    ...(totals ? [block(totals, '')] : []),
  ].join('\n');
}
