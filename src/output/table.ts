import { stripVTControlCharacters, styleText } from 'node:util';
import CliTable from 'cli-table3';
import stringWidth from 'string-width';
import { unitOf } from '../catalog/unit.ts';
import { isShape, type ResultColumn } from '../session/result.ts';
import { formatCell, heading, isNumeric, type Cells } from './cells.ts';
import { drawRecords } from './records.ts';
import { wrap, type Terminal } from './terminal.ts';

const GAP = 2;
/** Texts are cut to this width before numbers are shortened and columns left out. */
const TEXT_WIDTH = 24;
/** Then to these. */
const LESS_TEXT = [20, 16];
const LEAST_TEXT = [12, 10, 9, 8];

/** Draws a table that fits the terminal, or else records. Text may be cut, numbers are only ever written shorter. */
export function drawTable(given: Cells, terminal: Terminal): { text: string; hidden: string[] } {
  const cells = wrapProse(given, terminal.width ?? Infinity);
  const layout = fit(cells, terminal.width ?? Infinity);
  if (!layout) return { text: drawRecords(given, terminal), hidden: [] };
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

/** Sentences get at least this width. */
const PROSE_WIDTH = 20;

/** Sentences get the remaining width, on as many lines as they need. */
function wrapProse(cells: Cells, width: number): Cells {
  const index = cells.columns.findIndex(({ unit }) => unitOf(unit).isProse);
  if (index < 0) return cells;
  if (width === Infinity) return cells;
  const widths = measure(cells, false);
  const room = (hidden: readonly ResultColumn[], textWidth: number): number =>
    width - widthOf(widths, [...hidden, cells.columns[index]!], textWidth) - GAP;
  const optional = cells.columns.filter(({ isOptional }) => isOptional);
  const rooms = [room([], Infinity), room([], TEXT_WIDTH), room(optional, TEXT_WIDTH)];
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

interface Layout {
  readonly columns: ResultColumn[];
  readonly lines: string[][];
  readonly totals: string[] | null;
  readonly hidden: string[];
}

/** How a table is made narrower. */
interface Measures {
  readonly hidden: readonly ResultColumn[];
  readonly isShort: boolean;
  readonly textWidth: number;
}

/** The first layout that leaves out and cuts the least; undefined where none fits. */
function fit(cells: Cells, width: number): Layout | undefined {
  const asItIs = { hidden: [], isShort: false, textWidth: Infinity };
  if (width === Infinity) return lay(cells, asItIs);
  const optional = cells.columns.filter((column) => column.isOptional).reverse();
  const spare = [...optional, ...summands(cells.columns)];
  const short = (hidden: readonly ResultColumn[], textWidth: number): Measures => ({
    hidden,
    isShort: true,
    textWidth,
  });
  const attempts: Measures[] = [
    asItIs,
    { ...asItIs, textWidth: TEXT_WIDTH },
    ...[undefined, ...optional].map((_, count) => short(optional.slice(0, count), TEXT_WIDTH)),
    ...LESS_TEXT.map((textWidth) => short(optional, textWidth)),
    ...[TEXT_WIDTH, ...LESS_TEXT, ...LEAST_TEXT].map((textWidth) => short(spare, textWidth)),
  ];
  const [widths, shortWidths] = [measure(cells, false), measure(cells, true)];
  const first = attempts.find(
    ({ hidden, isShort, textWidth }) => widthOf(isShort ? shortWidths : widths, hidden, textWidth) <= width,
  );
  return first && lay(cells, first);
}

/** How wide a column is: its heading and what is never cut, and its texts, which can be. */
type Widths = ReadonlyMap<ResultColumn, { readonly whole: number; readonly text: number }>;

function measure(cells: Cells, isShort: boolean): Widths {
  const lines = [...cells.lines, ...(cells.totals ? [{ isPart: false, cells: cells.totals }] : [])];
  return new Map(
    cells.columns.map((column, index) => {
      let [whole, text] = [
        Math.max(
          ...heading(column)
            .split(' ')
            .map((word) => stringWidth(word)),
        ),
        0,
      ];
      for (const line of lines) {
        const width = stringWidth(formatCell(column, line.cells[index] ?? null, isShort));
        if (isCut(column, line.isPart && index === 0)) text = Math.max(text, width);
        else whole = Math.max(whole, width);
      }
      return [column, { whole, text }];
    }),
  );
}

const widthOf = (widths: Widths, hidden: readonly ResultColumn[], textWidth: number): number =>
  [...widths]
    .filter(([column]) => !hidden.includes(column))
    .reduce((sum, [, { whole, text }]) => sum + Math.max(whole, Math.min(text, textWidth)) + GAP, -GAP);

/** Kinds of tokens whose sum stands beside them. */
function summands(columns: readonly ResultColumn[]): ResultColumn[] {
  if (!columns.some(({ name }) => name === 'total_tokens')) return [];
  return columns.filter(
    ({ name, isOptional }) => !isOptional && /^(input|output|cache_(read|write)(_[0-9]+[mh])?)_tokens$/.test(name),
  );
}

function lay(cells: Cells, { hidden, isShort, textWidth }: Measures): Layout {
  const shown = cells.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => !hidden.includes(column));
  const draw = (line: readonly (string | null)[], isPart: boolean): string[] =>
    shown.map(({ column, index }) => {
      const text = formatCell(column, line[index] ?? null, isShort);
      return isCut(column, isPart && index === 0) ? cut(column, text, textWidth) : text;
    });
  return {
    columns: shown.map(({ column }) => column),
    lines: cells.lines.map((line) => draw(line.cells, line.isPart)),
    totals: cells.totals && draw(cells.totals, false),
    hidden: hidden.filter((column) => !isShape(column)).map(({ name }) => name),
  };
}

/** Numbers and times are never cut; the name of a part is a text, whatever its column holds. */
const isCut = (column: ResultColumn, isPartName: boolean): boolean =>
  isPartName || !(isNumeric(column) || /^(DATE|TIMESTAMP)/.test(column.type) || unitOf(column.unit).isUncut);

/** Keeps the end, which says more about a path or a model; of an id the start, which a command can look up. */
function cut(column: ResultColumn, text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const indent = text.startsWith('  ') ? '  ' : '';
  const isId = column.name.endsWith('_id') || /^[0-9a-f]{8}/.test(text);
  const characters = [...text].slice(indent.length);
  const kept: string[] = [];
  let room = width - indent.length - 1;
  for (const character of isId ? characters : characters.reverse()) {
    room -= stringWidth(character);
    if (room < 0) break;
    kept.push(character);
  }
  return isId ? `${indent}${kept.join('')}…` : `${indent}…${kept.reverse().join('')}`;
}

function withRules(drawn: string[], layout: Layout, cells: Cells, { hasColor }: Terminal): string {
  const headLines = drawn.length - layout.lines.length - (layout.totals ? 1 : 0);
  const width = drawn.reduce((most, line) => Math.max(most, stringWidth(stripVTControlCharacters(line))), 0);
  const rule = '─'.repeat(width);
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
