import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseStrict } from '../src/request/arguments.ts';
import { readCatalog } from '../src/catalog/catalog.ts';
import { reportCommand } from '../src/commands/report.ts';
import { closeDatabase, openDatabase, rows } from '../src/database/connection.ts';
import { readRequest } from '../src/request/request.ts';
import { runIntoTable } from '../src/session/result.ts';
import { openSession } from '../src/session/session.ts';
import { readIfThere } from '../src/files/regular-file.ts';
import type { Root } from '../src/sources/source.ts';
import { cleanupPeriodDays } from '../src/sources/retention.ts';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  temporaryFolder,
  useEmptyHome,
  writeFile,
} from './helpers.ts';

useEmptyHome();

const PATH = '.openclaw/agents/main/sessions/c1.jsonl';

interface Entry {
  readonly id: string;
  readonly model?: string;
  readonly at?: string;
  readonly usage: object;
  readonly cost?: number;
}

/** An entry of OpenClaw with the cost that it wrote down. */
const entry = ({ id, model = 'claude-sonnet-4-6', at = '2026-04-01T10:00:00.000Z', usage, cost }: Entry): object => ({
  type: 'message',
  id,
  timestamp: at,
  message: {
    role: 'assistant',
    provider: 'anthropic',
    model,
    usage: { input: 0, output: 0, ...usage, ...(cost === undefined ? {} : { cost: { total: cost } }) },
  },
});

const chat = (...entries: Entry[]): object[] => [
  { type: 'session', version: 3, id: 'c1', timestamp: '2026-04-01T09:00:00.000Z', cwd: '/src/app' },
  ...entries.map(entry),
];

const costState = (modelUsage: object): object => ({ type: 'cost-state', sessionId: 's1', modelUsage });

/** A million input tokens of claude-opus-4-6 cost 5 USD, a million of 1-hour cache writes 10. */
const response = (id: string, more: object = {}): object =>
  claudeLine({ requestId: `req_${id}`, uuid: id, message: { id }, usage: { input: 1_000_000 }, ...more });

/** Rows of a report, asked after what was read has been changed behind its back. */
async function askHarmed(name: string, home: string, harm: string, wanted: string): Promise<Record<string, unknown>[]> {
  const catalog = await readCatalog();
  const report = (await catalog.report(name))!;
  const { args } = reportCommand(report);
  const values = parseStrict(args, ['--logs', join(home, '.claude')], report.name);
  const session = await openSession(await openDatabase(), readRequest(values, catalog, report), report);
  await session.connection.run(harm);
  const { table } = await runIntoTable(session, report, 'result');
  const found = await rows(session.connection, `from ${table} where ${wanted}`);
  closeDatabase(session.connection);
  return found;
}

describe('verify', () => {
  const expectHolds = async (args: string[], home: string): Promise<Record<string, any>[]> => {
    const { code, stdout, stderr } = await clawtrace(['verify', ...args, '--json'], { home });
    expect(code, stderr).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: Record<string, any>[] };
    expect(rows.filter((row) => !row.holds)).toEqual([]);
    expect(rows.every((row) => row.left_value === row.right_value)).toBe(true);
    expect(rows).toHaveLength(21);
    return rows;
  };

  it('holds on the demo, whole and in part', async () => {
    const home = temporaryFolder();
    for (const args of [
      [],
      ['--last', '7d'],
      ['--model', 'opus'],
      ['--week-start', 'sunday'],
      ['--source', 'openclaw'],
    ])
      await expectHolds(['--demo', ...args], home);
  });

  it('holds where nothing is', async () => {
    const rows = await expectHolds([], temporaryFolder());
    expect(new Set(rows.map((row) => Number(row.left_value)))).toEqual(new Set([0]));
  });

  it('says both figures', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a'),
        response('a', { uuid: 'b' }),
        response('c', { message: { id: 'c', model: 'northwind-coder-2' } }),
        { type: 'user', sessionId: 's1' },
      ],
      [PATH]: chat({ id: 'e1', model: 'northwind-coder-2', usage: { input: 7 }, cost: 0.25 }),
    });
    const rows = await expectHolds([], home);
    const figure = (invariant: string): unknown => rows.find((row) => row.invariant === invariant)?.left_value;
    expect(figure('cost over weeks')).toBe('5.250000000000');
    expect(figure('total_tokens over sessions')).toBe('2000007');
    expect(figure('parts equal the whole: list cost')).toBe('5.000000000000');
    expect(figure('a response has one price or none')).toBe('3');
    expect(figure('every usage line is folded into a response')).toBe('4');
    expect(figure('every log line belongs to one file')).toBe('6');
  });

  it('holds over a log with damaged, repaired and odd lines', async () => {
    const line = (id: string): string => JSON.stringify(response(id));
    const halved = line('b').replace('"role"', String.raw`"content":"cut \ud83e","role"`);
    const undated = JSON.stringify(response('d', { timestamp: 'never' }));
    await expectHolds(
      [],
      homeWith({
        [claudePath('s1')]: [line('a'), halved, line('e') + line('f'), undated, line('c').slice(0, -9)].join('\n'),
      }),
    );
  });

  it.each([
    [
      'lost',
      "delete from logged_line_groups where message_id = 'b'",
      [['a second pass finds the same usage lines', '1', '2']],
    ],
    [
      'doubled',
      "insert into logged_line_groups from logged_line_groups where message_id = 'b'",
      [
        ['a response is counted once', '3', '2'],
        ['a response has one price or none', '2', '3'],
        ['a second pass finds the same usage lines', '3', '2'],
      ],
    ],
  ])('does not hold where a line is %s after it was read', async (_, harm, broken) => {
    const home = homeWith({ [claudePath('s1')]: [response('a'), response('b')] });
    const found = await askHarmed('verify', home, harm, 'not holds');
    expect(found.map((row) => [row.invariant, row.left_value, row.right_value])).toEqual(broken);
  });
});

describe('a report with @exit', () => {
  it('exits with 1 where the column is false', async () => {
    const report = (holds: string): string =>
      `-- Checks.\n--\n-- @exit 1 when not holds\nselect 1 as figure, ${holds} as holds\n`;
    const home = homeWith({
      '.config/clawtrace/reports/true_one.sql': report('true'),
      '.config/clawtrace/reports/false_one.sql': report('false'),
    });
    expect((await clawtrace(['true-one'], { home })).code).toBe(0);
    const failed = await clawtrace(['false-one', '--format=csv'], { home });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toBe('figure,holds\n1,false\n');
  });
});

describe('doctor', () => {
  const find = (rows: Record<string, any>[], finding: string): Record<string, any> | undefined =>
    rows.find((row) => row.finding === finding);

  it('exits with 1 on a torn line only with --strict, and with 0 on clean logs', async () => {
    const torn = homeWith({
      [claudePath('s1')]: `${JSON.stringify(response('a'))}\n${JSON.stringify(response('b')).slice(0, -20)}`,
    });
    const clean = homeWith({ [claudePath('s1')]: [response('a')] });
    const runs = await Promise.all([
      clawtrace(['doctor', '--strict'], { home: torn }),
      clawtrace(['doctor'], { home: torn }),
      clawtrace(['doctor', '--strict'], { home: clean }),
      clawtrace(['doctor', '--strict']),
    ]);
    expect(runs.map((run) => run.code)).toEqual([1, 0, 0, 0]);
    const { rows } = await ask(['doctor'], { home: torn });
    expect(find(rows, 'damaged lines')).toMatchObject({ count: 1, is_loss: true, passes: true });
    expect(find(rows, 'damaged lines')!.detail).toMatch(/s1\.jsonl:2$/);
  });

  it('counts lines by kind, and usage lines for each response', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a'),
        response('a', { uuid: 'x' }),
        response('a', { uuid: 'y' }),
        response('b'),
        response('c', { message: { id: 'c', model: '<synthetic>' } }),
        response('d', { type: 'progress' }),
        { type: 'user', sessionId: 's1' },
      ],
      [PATH]: chat({ id: 'e1', model: 'delivery-mirror', usage: {} }),
    });
    const { rows } = await ask(['doctor'], { home });
    const counts = Object.fromEntries(rows.map(({ source, finding, count }) => [`${source}: ${finding}`, count]));
    expect(counts).toMatchObject({
      'claude_code: files read': 1,
      'claude_code: usage lines': 4,
      'claude_code: lines without usage': 1,
      'claude_code: synthetic lines': 1,
      'claude_code: progress copies': 1,
      'claude_code: responses': 2,
      'openclaw: pseudo-model lines': 1,
      'openclaw: session starts': 1,
    });
    expect(find(rows, 'responses')!.detail).toBe('2.00 usage lines each');
  });

  it('shows a kind of line that it does not know under its own name', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a'), { type: 'user', sessionId: 's1' }] });
    const harm = `insert into line_counts (source, line_kind, lines) values
      ('claude_code', 'tool_summary', 3), ('claude_code', null, 2)`;
    const found = await askHarmed('doctor', home, harm, "finding like '%line%'");
    expect(found.map(({ finding, count }) => [finding, Number(count)])).toEqual([
      ['usage lines', 1],
      ['lines without usage', 1],
      ['tool_summary lines', 3],
      ['unnamed lines', 2],
    ]);
  });

  it('names what is odd', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a', { usage: { input: -1 } }),
        response('b', { timestamp: '2026-04-03T10:00:00.000Z' }),
        response('c', { timestamp: '2019-12-31T10:00:00.000Z' }),
        response('d', { usage: { input: 2_000_001 } }),
        response('e', { timestamp: 'never' }),
        response('f', { message: { id: 'f', model: 'northwind-coder-2' } }),
        response('g', { usage: { input: 2_000_000 } }),
        response('h', { timestamp: '2026-04-02T00:00:00.000Z' }),
        response('i', { timestamp: '2020-01-01T00:00:00.000Z' }),
      ],
    });
    const { rows } = await ask(['doctor'], { home, env: { CLAWTRACE_NOW: '2026-04-02T00:00:00Z' } });
    for (const finding of [
      'negative counts',
      'responses in the future',
      'responses before 2020',
      'responses of over 2,000,000 tokens',
      'responses without a readable time',
      'unpriced responses',
    ])
      expect(find(rows, finding), finding).toMatchObject({ count: 1, is_loss: false });
    expect(find(rows, 'unpriced responses')!.detail).toBe('northwind-coder-2 of an unnamed provider');
  });

  it.each([
    ['30 days without settings', undefined, '2026-05-01', 1],
    ['the days of the settings', '{"cleanupPeriodDays": 365}', '2027-04-01', 0],
    ['30 days with settings that are broken', '{"cleanupPeriodDays": ', '2026-05-01', 1],
    ['30 days with a period that is no number', '{"cleanupPeriodDays": "never"}', '2026-05-01', 1],
  ])('says when Claude Code deletes the oldest log: %s', async (_, settings, day, count) => {
    const home = homeWith({
      [claudePath('s1')]: [response('a')],
      [claudePath('s2')]: [response('b', { sessionId: 's2', timestamp: '2026-04-02T10:00:00.000Z' })],
      ...(settings ? { '.claude/settings.json': settings } : {}),
    });
    // seven days before the first is due, and eight before the second
    const { rows } = await ask(['doctor'], { home, env: { CLAWTRACE_NOW: '2026-04-24T23:59:59Z' } });
    const finding = find(rows, 'logs due for deletion within 7 days')!;
    expect(finding.count).toBe(count);
    expect(finding.detail).toContain(`due on ${day}, `);
    expect(finding.detail).toMatch(/s1\.jsonl$/);
  });

  it('takes the shortest period of the installs that are there', () => {
    const period = (cleanupPeriodDays: number): string => JSON.stringify({ cleanupPeriodDays });
    const home = homeWith({ 'long/settings.json': period(90), 'short/settings.json': period(20.9) });
    writeFile(join(home, 'none/settings.json'), period(0));
    writeFile(join(home, 'negative/settings.json'), period(-1));
    const root = (folder: string, source = 'claude_code', is_found = true): Root => ({
      source,
      path: join(home, folder, 'projects'),
      is_found,
    });
    expect(cleanupPeriodDays([root('long'), root('short')], readIfThere)).toBe(20);
    expect(cleanupPeriodDays([root('long'), root('without settings')], readIfThere)).toBe(30);
    expect(cleanupPeriodDays([root('long'), root('negative')], readIfThere)).toBe(30);
    expect(cleanupPeriodDays([root('long'), root('none')], readIfThere)).toBe(0);
    // not of a folder that is not there, nor of another agent; without any, Claude Code's own default
    expect(
      cleanupPeriodDays([root('long'), root('short', 'claude_code', false), root('short', 'openclaw')], readIfThere),
    ).toBe(90);
    expect(cleanupPeriodDays([], readIfThere)).toBe(30);
  });
});

describe('reconcile', () => {
  const MILLION = 1_000_000;

  it.each<[string, Entry, number, number]>([
    ['equal', { id: 'a', usage: { input: MILLION }, cost: 3 }, 3, 0],
    ['rounding', { id: 'a', usage: { input: MILLION }, cost: 3.0000005 }, 3, -0.0000005],
    ['rounding', { id: 'a', usage: { input: MILLION }, cost: 3.000001 }, 3, -0.000001],
    ['other prices', { id: 'a', usage: { input: MILLION }, cost: 3.0000011 }, 3, -0.0000011],
    [
      '1-hour cache writes',
      { id: 'a', usage: { input: MILLION, cacheWrite: MILLION, cacheWrite1h: MILLION }, cost: 6.75 },
      9,
      2.25,
    ],
    [
      '1-hour cache writes',
      { id: 'a', usage: { cacheWrite: MILLION, cacheWrite1h: MILLION }, cost: 3.750001 },
      6,
      2.249999,
    ],
    ['other prices', { id: 'a', usage: { cacheWrite: MILLION, cacheWrite1h: MILLION }, cost: 3.7500011 }, 6, 2.2499989],
    ['logged 0: unpriced or a subscription', { id: 'a', usage: { input: MILLION }, cost: 0 }, 3, 3],
    [
      'long-context tier',
      { id: 'a', model: 'claude-sonnet-4-5-20250929', usage: { input: 300_000 }, cost: 0.9 },
      1.8,
      0.9,
    ],
    [
      'price changed',
      {
        id: 'a',
        model: 'claude-3-5-haiku-20241022',
        at: '2025-01-01T00:00:00.000Z',
        usage: { input: MILLION },
        cost: 1,
      },
      0.8,
      -0.2,
    ],
    ['other prices', { id: 'a', usage: { input: MILLION }, cost: 1.23 }, 3, 1.77],
    ['equal: no price in our table', { id: 'a', model: 'northwind-coder-2', usage: { input: 5 }, cost: 0.5 }, 0.5, 0],
  ])('finds the reason: %s', async (reason, logged, ours, difference) => {
    const home = homeWith({ [PATH]: chat(logged) });
    const { rows } = await ask(['reconcile'], { home });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      source: 'openclaw',
      session_id: 'c1',
      basis: 'per response',
      responses: 1,
      compared_responses: 1,
      ours,
      theirs: logged.cost,
      difference,
      reason,
    });
  });

  it('compares only responses that have a cost in the log, the greatest difference first', async () => {
    const home = homeWith({
      [PATH]: chat(
        { id: 'a', usage: { input: MILLION }, cost: 3 },
        { id: 'b', at: '2026-04-01T10:01:00.000Z', usage: { input: MILLION } },
      ),
      [claudePath('s1')]: [response('a', { costUSD: 4 }), response('b')],
      [claudePath('s2')]: [response('c', { sessionId: 's2' })],
    });
    const { rows } = await ask(['reconcile'], { home });
    expect(rows).toMatchObject([
      { session_id: 's1', responses: 2, compared_responses: 1, ours: 5, theirs: 4, difference: 1 },
      { session_id: 'c1', responses: 2, compared_responses: 1, ours: 3, theirs: 3, reason: 'equal' },
    ]);
  });

  it('compares a session with the greatest of its cost-state lines, model by model', async () => {
    const counts = { inputTokens: MILLION, outputTokens: 0, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
    const home = homeWith({
      [claudePath('s1')]: [
        response('a'),
        costState({ 'claude-opus-4-6': { ...counts, costUSD: 1 } }),
        costState({
          'claude-opus-4-6': { ...counts, inputTokens: 3 * MILLION, costUSD: 15 },
          'claude-haiku-4-5-20251001': { ...counts, costUSD: 1 },
        }),
        costState({ 'claude-opus-4-6': { ...counts, costUSD: 2 } }),
      ],
    });
    const whole = { basis: 'cost-state', session_id: 's1', reason: 'calls that are in no transcript' };
    expect((await ask(['reconcile'], { home })).rows).toMatchObject([
      { ...whole, model: 'claude-opus-4-6', ours: 5, theirs: 15, difference: -10, responses: 1 },
      { ...whole, model: 'claude-haiku-4-5-20251001', ours: 0, theirs: 1, difference: -1, responses: 0 },
    ]);
    expect((await ask(['reconcile', '--model', 'opus'], { home })).rows).toHaveLength(1);
    expect((await ask(['reconcile', '--session', 'other'], { home })).rows).toEqual([]);
  });

  it.each([
    ['equal', 10, MILLION],
    ['rounding', 10.000001, MILLION],
    ['1-hour cache writes', 6.25, MILLION],
    ['1-hour cache writes', 6.250001, MILLION],
    ['price changed', 6.2500011, MILLION],
    ['logged 0: unpriced or a subscription', 0, MILLION],
    ['responses after the last cost-state', 5, MILLION / 2],
    ['price changed', 20, MILLION],
    ['calls that are in no transcript', 20, MILLION + 1],
  ])('finds the reason of a session: %s', async (reason, costUSD, cacheCreationInputTokens) => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a', { usage: { write1h: MILLION } }),
        costState({ 'claude-opus-4-6[1m]': { cacheCreationInputTokens, costUSD } }),
      ],
    });
    const { rows } = await ask(['reconcile'], { home });
    expect(rows).toMatchObject([{ model: 'claude-opus-4-6', ours: 10, theirs: costUSD, responses: 1, reason }]);
  });

  it('takes no harm from a cost-state that is not as it should be', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a'),
        costState([1]),
        costState({ x: 'y' }),
        { type: 'cost-state', modelUsage: null },
      ],
    });
    expect((await ask(['reconcile'], { home })).rows).toEqual([]);
  });
});
