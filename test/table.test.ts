import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Cells } from '../src/output/cells.ts';
import { drawTable } from '../src/output/table.ts';
import type { ResultColumn } from '../src/session/result.ts';

const column = (name: string, type = 'VARCHAR', unit: string | null = null, isOptional = false): ResultColumn => ({
  name,
  type,
  unit,
  description: null,
  isOptional,
});

const COLUMNS = [
  column('session_id'),
  column('model'),
  column('sessions', 'BIGINT', 'sessions', true),
  column('input_tokens', 'BIGINT', 'tokens'),
  column('output_tokens', 'BIGINT', 'tokens'),
  column('total_tokens', 'BIGINT', 'tokens'),
  column('cost', 'DECIMAL(38,2)', 'USD'),
];
const ROW = ['4c2f0a11-0000-4000-8000-000000000000', 'claude-sonnet-4-6', '3', '400000', '1000000', '1400000', '9.15'];

const cells = (...rows: readonly (readonly string[])[]): Cells => ({
  columns: COLUMNS,
  lines: rows.map((row) => ({ isPart: row[0]!.startsWith('  '), cells: row })),
  totals: null,
});

const draw = (given: Cells, width: number) => {
  const { text, hidden } = drawTable(given, { width, hasColor: false });
  for (const line of text.split('\n')) expect(stringWidth(line), text).toBeLessThanOrEqual(width);
  return { text, hidden };
};

describe('a table fits the terminal', () => {
  it('whole where it can be, then cut, then short, then without what is optional', () => {
    expect(draw(cells(ROW), 120).text).toContain('4c2f0a11-0000-4000-8000-000000000000  claude-sonnet-4-6');
    expect(draw(cells(ROW), 100).text).toMatch(/^4c2f0a11-0000-4000-8000…  claude-sonnet-4-6 +3  400,000 /m);
    expect(draw(cells(ROW), 85).text).toMatch(/ 3 +400K +1M +1\.4M +\$9\.15$/m);
    expect(draw(cells(ROW), 75)).toMatchObject({ hidden: ['sessions'] });
  });

  it('the kinds of tokens give way to their sum', () => {
    const { text, hidden } = draw(cells(ROW), 38);
    expect(hidden).toEqual(['sessions', 'input_tokens', 'output_tokens']);
    expect(text).toMatch(/^4c2f0a11-…  …onnet-4-6 +1\.4M  \$9\.15$/m);
  });

  it('the name of a part is cut, whatever the column holds', () => {
    const days = { ...cells(['2026-04-01', ...ROW.slice(1)], ['  claude-haiku-4-5-20251001', ...ROW.slice(1)]) };
    const first = { ...days, columns: [column('day', 'DATE'), ...COLUMNS.slice(1)] };
    expect(draw(first, 60).text).toMatch(/^2026-04-01 .*\n {2}…\S*-20251001 /m);
  });

  it('as records where it cannot: every value whole', () => {
    const { text, hidden } = draw(cells(ROW, ROW), 30);
    expect(hidden).toEqual([]);
    expect(text.split('\n\n')).toHaveLength(2);
    expect(text).toMatch(/^session id {2}4c2f0a11-0000-4000\n {12}-8000-000000000000\n/);
    expect(text).toMatch(/^total {7}1,400,000$/m);
    expect(text).toMatch(/^cost {8}\$9\.15$/m);
  });
});
