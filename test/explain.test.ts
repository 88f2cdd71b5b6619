import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith } from './helpers.ts';

describe('explain', () => {
  const home = () =>
    homeWith({
      [claudePath('s1')]: [
        { type: 'user', message: { role: 'user', content: 'msg_1' } },
        claudeLine({
          usage: { input: 10, output: 1, read: 250_000, speed: 'fast' },
          timestamp: '2026-03-01T10:00:00Z',
        }),
        claudeLine({
          usage: { input: 10, output: 100, read: 250_000, write1h: 1000, speed: 'fast' },
          timestamp: '2026-03-01T10:00:01Z',
        }),
        claudeLine({
          requestId: 'req_2',
          message: { id: 'msg_2', model: 'northwind-1' },
          usage: { input: 7 },
          timestamp: '2026-03-02T10:00:00Z',
        }),
      ],
      [claudePath('s2')]: [
        claudeLine({
          sessionId: 's2',
          forkedFrom: {},
          usage: { input: 10, output: 100, read: 250_000 },
          timestamp: '2026-03-01T10:00:00Z',
        }),
      ],
    });

  it('goes from a day to the price row, the arithmetic and the lines', async () => {
    const there = { home: home() };
    const { rows, log_lines, totals } = await ask(['explain', '2026-03-01'], there);
    // above 200,000: 10, 37.5, 1 and 20 per million; fast is six times that
    expect(rows.map((row) => [row.kind, row.quantity, row.price, row.multiplier, row.cost, row.price_tier])).toEqual([
      ['input', 10, 10, 6, 0.0006, 'long_context'],
      ['output', 100, 37.5, 6, 0.0225, 'long_context'],
      ['cache_read', 250_000, 1, 6, 1.5, 'long_context'],
      ['cache_write_1h', 1000, 20, 6, 0.12, 'long_context'],
    ]);
    expect(rows[0]).toMatchObject({ price_row: 'anthropic claude-opus-4-6 2026-02-05 in anthropic.csv' });
    expect(totals.cost).toBe(1.6431);
    expect(
      log_lines.map((line: { file: string; line_number: number }) => [
        line.file.split(/[/\\]/).at(-1),
        line.line_number,
      ]),
    ).toEqual([
      ['s1.jsonl', 2],
      ['s1.jsonl', 3],
      ['s2.jsonl', 1],
    ]);
    expect((await ask(['daily', '--until', '2026-03-01'], there)).totals.cost).toBe(1.6431);
  });

  it('takes a session or a response, says what has no price, and what it needs', async () => {
    const there = { home: home() };
    expect((await ask(['explain', 'msg_2:req_2'], there)).rows).toMatchObject([
      { kind: 'input', quantity: 7, cost: null },
      { kind: 'unpriced', quantity: 7, cost: null },
    ]);
    expect((await ask(['explain', 's1'], there)).rows).toHaveLength(6);
    const table = await clawtrace(['explain', 'msg_1:req_1'], there);
    expect(table.stdout).toMatch(/cache_read +250,000 +\$1 +6 +\$1\.5 +long_context/);
    expect(table.stdout).toMatch(/log lines\n[\s\S]*s1\.jsonl +3\n/);
    expect((await clawtrace(['explain'], there)).stderr).toContain('explain needs WHAT');
  });
});
