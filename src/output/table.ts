import { stripVTControlCharacters, styleText } from 'node:util';
import CliTable from 'cli-table3';
import stringWidth from 'string-width';
import { isShape, type ResultColumn } from '../result.ts';
import { formatCell, heading, isNumeric, type Cells } from './cells.ts';

export interface Terminal {
  /** Columns of the screen; undefined where the output is not one. */
  readonly width: number | undefined;
  readonly hasColor: boolean;
}

const GAP = 2;
/** Texts are cut down to this width before numbers are written short, and to the lesser one after. */
const TEXT_WIDTHS = [24, 8];

/** Draws a table that fits the terminal. Text may be cut, numbers are only ever written shorter. */
export function drawTable(given: Cells, terminal: Terminal): { text: string; hidden: string[] } {
  const cells = wrapProse(given, terminal.width ?? Infinity);
  const layout = fit(cells, terminal.width ?? Infinity);
  const table = new CliTable({
    head: layout.columns.map((column) => heading(column).replaceAll(' ', '\n')),
    colAligns: layout.columns.map((column) => (isNumeric(column) ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    chars: BORDERLESS,
  });
  for (const line of [...layout.lines, ...(layout.totals ? [layout.totals] : [])]) table.push([...line]);
  const drawn = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return { text: withRules(drawn, layout, cells, terminal), hidden: layout.hidden };
}

const BORDERLESS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((name) => [name, '']),
);
BORDERLESS.middle = ' '.repeat(GAP);

/** Sentences get no less than this. */
const PROSE_WIDTH = 20;

/** Sentences take the width that is left over, in as many lines as they need. */
function wrapProse(cells: Cells, width: number): Cells {
  const index = cells.columns.findIndex(({ unit }) => unit === 'prose');
  if (index < 0) return cells;
  const room = (hidden: readonly ResultColumn[], textWidth: number): number =>
    width - widthOf(lay(cells, [...hidden, cells.columns[index]!], false, textWidth)) - GAP;
  if (width === Infinity) return cells;
  const optional = cells.columns.filter(({ isOptional }) => isOptional);
  const rooms = [room([], Infinity), room([], TEXT_WIDTHS[0]!), room(optional, TEXT_WIDTHS[0]!)];
  const wide = rooms.find((columns) => columns >= PROSE_WIDTH) ?? PROSE_WIDTH;
  return {
    ...cells,
    lines: cells.lines.flatMap((line) =>
      wrap(line.cells[index] ?? '', wide).map((text, row) => ({
        ...line,
        cells: line.cells.map((cell, position) => (position === index ? text : row === 0 ? cell : '')),
      })),
    ),
  };
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.match(new RegExp(`\\S{1,${width}}`, 'g')) ?? []) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (stringWidth(longer) <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

interface Layout {
  readonly columns: ResultColumn[];
  readonly lines: string[][];
  readonly totals: string[] | null;
  readonly hidden: string[];
}

function fit(cells: Cells, width: number): Layout {
  const optional = cells.columns.filter((column) => column.isOptional).reverse();
  const attempts = [
    () => lay(cells, [], false, Infinity),
    () => lay(cells, [], false, TEXT_WIDTHS[0]!),
    () => lay(cells, [], true, TEXT_WIDTHS[0]!),
    ...optional.map((_, index) => () => lay(cells, optional.slice(0, index + 1), true, TEXT_WIDTHS[0]!)),
    () => lay(cells, optional, true, TEXT_WIDTHS[1]!),
  ];
  for (const attempt of attempts) {
    const layout = attempt();
    if (widthOf(layout) <= width) return layout;
  }
  return attempts.at(-1)!();
}

function lay(cells: Cells, hidden: readonly ResultColumn[], isShort: boolean, textWidth: number): Layout {
  const shown = cells.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !hidden.includes(column));
  const draw = (line: readonly (string | null)[]): string[] =>
    shown.map(({ column, index }) => {
      const text = formatCell(column, line[index] ?? null, isShort);
      const isWhole =
        isNumeric(column) || /^(DATE|TIMESTAMP)/.test(column.type) || /^(line|prose)$/.test(column.unit ?? '');
      return isWhole ? text : cut(text, textWidth);
    });
  return {
    columns: shown.map(({ column }) => column),
    lines: cells.lines.map((line) => draw(line.cells)),
    totals: cells.totals && draw(cells.totals),
    hidden: hidden.filter((column) => !isShape(column)).map(({ name }) => name),
  };
}

/** Keeps the end: of a path or an id, it tells more than the start. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const isPart = text.startsWith('  ');
  let end = [...text];
  while (stringWidth(end.join('')) > width - (isPart ? 3 : 1)) end = end.slice(1);
  return `${isPart ? '  ' : ''}…${end.join('')}`;
}

function widthOf(layout: Layout): number {
  const lines = [...layout.lines, ...(layout.totals ? [layout.totals] : [])];
  const widths = layout.columns.map((column, index) =>
    Math.max(
      ...heading(column)
        .split(' ')
        .map((word) => stringWidth(word)),
      ...lines.map((line) => stringWidth(line[index]!)),
    ),
  );
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

function withRules(drawn: string[], layout: Layout, cells: Cells, { hasColor }: Terminal): string {
  const headLines = drawn.length - layout.lines.length - (layout.totals ? 1 : 0);
  const rule = '─'.repeat(Math.max(...drawn.map((line) => stringWidth(stripVTControlCharacters(line)))));
  const paint = (style: 'bold' | 'dim', line: string): string => (hasColor ? styleText(style, line) : line);
  const body = drawn.slice(headLines, headLines + layout.lines.length);
  const lines = [
    ...drawn.slice(0, headLines).map((line) => paint('bold', line)),
    paint('dim', rule),
    ...body.map((line, index) => (cells.lines[index]!.isPart ? paint('dim', line) : line)),
    ...(layout.totals ? [paint('dim', rule), paint('bold', drawn.at(-1)!)] : []),
  ];
  return `${lines.join('\n')}\n`;
}
