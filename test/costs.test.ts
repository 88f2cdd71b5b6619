import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith, type Usage } from './helpers.ts';

interface Case {
  readonly what: string;
  readonly model: string;
  readonly at: string;
  readonly usage: Usage;
  /** The sum, worked out by hand from the prices per million tokens. */
  readonly costs: string;
  readonly cost: number | null;
}

const M = 1_000_000;

const CASES: readonly Case[] = [
  {
    what: 'all five kinds',
    model: 'claude-opus-4-5-20251101',
    at: '2026-02-01',
    usage: { input: 1000, output: 2000, read: 100_000, write5m: 4000, write1h: 8000 },
    costs: '1000*5 + 2000*25 + 100000*0.5 + 4000*6.25 + 8000*10 = 210000 / M',
    cost: 0.21,
  },
  {
    what: '1-hour writes',
    model: 'claude-opus-4-5-20251101',
    at: '2026-02-01',
    usage: { write1h: M },
    costs: '10',
    cost: 10,
  },
  {
    what: '5-minute writes',
    model: 'claude-opus-4-5-20251101',
    at: '2026-02-01',
    usage: { write5m: M },
    costs: '6.25',
    cost: 6.25,
  },
  {
    what: 'above the threshold before 2026-03-13: the whole request',
    model: 'claude-opus-4-6',
    at: '2026-03-12',
    usage: { input: 10, read: 200_000, output: 1000 },
    costs: '10*10 + 200000*1 + 1000*37.5 = 237600 / M',
    cost: 0.2376,
  },
  {
    what: 'at the threshold: the base price',
    model: 'claude-opus-4-6',
    at: '2026-03-12',
    usage: { input: 10, read: 199_990, output: 1000 },
    costs: '10*5 + 199990*0.5 + 1000*25 = 125045 / M',
    cost: 0.125045,
  },
  {
    what: 'the same on the day it was dropped',
    model: 'claude-opus-4-6',
    at: '2026-03-13',
    usage: { input: 10, read: 200_000, output: 1000 },
    costs: '10*5 + 200000*0.5 + 1000*25 = 125050 / M',
    cost: 0.12505,
  },
  {
    what: 'writes count towards the threshold',
    model: 'claude-sonnet-4-5-20250929',
    at: '2026-01-10',
    usage: { input: 1, read: 100_000, write1h: 100_000 },
    costs: '1*6 + 100000*0.6 + 100000*12 = 1260006 / M',
    cost: 1.260006,
  },
  {
    what: 'fast',
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { input: 1000, output: 1000, read: 1000, speed: 'fast' },
    costs: '(1000*5 + 1000*25 + 1000*0.5) * 6 = 183000 / M',
    cost: 0.183,
  },
  {
    what: 'fast where none is sold: as standard',
    model: 'claude-sonnet-4-6',
    at: '2026-04-01',
    usage: { input: M, speed: 'fast' },
    costs: '3',
    cost: 3,
  },
  {
    what: 'batch',
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'batch' },
    costs: '5 * 0.5',
    cost: 2.5,
  },
  {
    what: "OpenAI's flex tier: as batch",
    model: 'gpt-5.4-mini',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'flex' },
    costs: '0.75 * 0.5',
    cost: 0.375,
  },
  {
    what: 'batch where none is sold: as standard',
    model: 'glm-4.5',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'batch' },
    costs: '0.6',
    cost: 0.6,
  },
  {
    what: "Anthropic's priority tier is no fast mode",
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'priority' },
    costs: '5',
    cost: 5,
  },
  {
    what: "OpenAI's priority tier is one",
    model: 'gpt-5.4-mini',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'priority' },
    costs: '0.75 * 2',
    cost: 1.5,
  },
  {
    what: 'inference in the US',
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { input: M, inference_geo: 'us' },
    costs: '5 * 1.1',
    cost: 5.5,
  },
  {
    what: 'inference in the US on a model older than the surcharge',
    model: 'claude-opus-4-5-20251101',
    at: '2026-04-01',
    usage: { input: M, inference_geo: 'us' },
    costs: '5',
    cost: 5,
  },
  {
    what: 'web searches, added after the factors',
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { input: M, service_tier: 'batch', server_tool_use: { web_search_requests: 10 } },
    costs: '5 * 0.5 + 10 * 10/1000',
    cost: 2.6,
  },
  {
    what: 'fast, batch and US at once',
    model: 'claude-opus-4-6',
    at: '2026-04-01',
    usage: { output: 1000, speed: 'fast', service_tier: 'batch', inference_geo: 'us' },
    costs: '1000*25 * 6 * 0.5 * 1.1 = 82500 / M',
    cost: 0.0825,
  },
  {
    what: 'an OpenAI price before a cut',
    model: 'gpt-5.6-sol',
    at: '2026-08-20',
    usage: { input: 1000, output: 1000 },
    costs: '1000*5 + 1000*30 = 35000 / M',
    cost: 0.035,
  },
  {
    what: 'and after it',
    model: 'gpt-5.6-sol',
    at: '2026-08-21',
    usage: { input: 1000, output: 1000 },
    costs: '1000*4 + 1000*20 = 24000 / M',
    cost: 0.024,
  },
  {
    what: "xAI's inclusive threshold, reached",
    model: 'grok-4.3',
    at: '2026-06-01',
    usage: { input: 200_000 },
    costs: '200000*2.5 = 500000 / M',
    cost: 0.5,
  },
  {
    what: 'and not reached',
    model: 'grok-4.3',
    at: '2026-06-01',
    usage: { input: 199_999 },
    costs: '199999*1.25 = 249998.75 / M',
    cost: 0.24999875,
  },
  {
    what: 'a cache kind without a price: the input price',
    model: 'gpt-4.1',
    at: '2026-01-01',
    usage: { write5m: M },
    costs: '2',
    cost: 2,
  },
  {
    what: 'a price rise that was cancelled',
    model: 'claude-sonnet-5',
    at: '2026-09-15',
    usage: { input: M, output: M },
    costs: '2 + 10',
    cost: 12,
  },
  {
    what: 'a first price reaches back',
    model: 'claude-opus-4-6',
    at: '2025-12-24',
    usage: { input: M - 900_000 },
    costs: '100000*5 / M',
    cost: 0.5,
  },
  {
    what: 'an alias',
    model: 'claude-sonnet-4-5',
    at: '2026-05-02',
    usage: { input: 300_000 },
    costs: '300000*3 / M',
    cost: 0.9,
  },
  { what: 'zero tokens', model: 'claude-opus-4-6', at: '2026-04-01', usage: {}, costs: '0', cost: 0 },
  {
    what: 'an unknown model',
    model: 'northwind-1',
    at: '2026-04-01',
    usage: { input: M },
    costs: 'nobody knows',
    cost: null,
  },
];

describe('the cost of a response, by hand', async () => {
  const records = CASES.map(({ model, at, usage }, index) =>
    claudeLine({ requestId: `r${index}`, timestamp: `${at}T12:00:00Z`, message: { id: `m${index}`, model }, usage }),
  );
  it.concurrent('is exact for every case', async () => {
    const { rows, warnings } = await ask(
      [
        'query',
        'select response_key, cost::varchar as cost, input_cost + output_cost + cache_read_cost + cache_write_cost + web_search_cost as parts, cost as number from usage',
      ],
      { home: homeWith({ [claudePath('s1')]: records }) },
    );
    const found = new Map(rows.map((row) => [row.response_key, row]));
    for (const [index, { what, cost, costs }] of CASES.entries()) {
      const row = found.get(`m${index}:r${index}`)!;
      expect(row.number, `${what}: ${costs}`).toBe(cost);
      expect(row.parts, what).toBe(cost);
    }
    expect(warnings).toContainEqual(expect.stringContaining('1 response of northwind-1: no price'));
    for (const model of ['claude-sonnet-4-6', 'glm-4.5'])
      expect(warnings).toContainEqual(expect.stringContaining(`1 response of ${model}: fast, batch`));
  });

  it('changes inside a period with the price in force', async () => {
    const line = (id: string, at: string) =>
      claudeLine({ requestId: id, timestamp: at, message: { id, model: 'gpt-5.6-sol' }, usage: { input: 1_000_000 } });
    const home = homeWith({
      [claudePath('s1')]: [line('a', '2026-08-20T23:59:59Z'), line('b', '2026-08-21T00:00:00Z')],
    });
    const { rows } = await ask(['monthly', '--timezone', 'Asia/Tokyo'], { home });
    // 1 M above the threshold: 10 before, 8 after; both fall on one day in Tokyo
    expect(rows).toMatchObject([{ month: '2026-08', responses: 2, cost: 18 }]);
  });

  it.each([
    ['Atlantic/Azores', '2026-10-25T00:30:00Z', '2026-10-25T12:00:00Z', '2026-10-25', '2026-10-24'],
    ['America/Havana', '2026-11-01T04:30:00Z', '2026-11-01T12:00:00Z', '2026-11-01', '2026-10-31'],
  ])('a day that begins twice in %s is whole', async (zone, first, second, day, before) => {
    const line = (id: string, timestamp: string): object => claudeLine({ requestId: id, timestamp, message: { id } });
    const home = homeWith({ [claudePath('s1')]: [line('a', first), line('b', second)] });
    const asked = async (...args: string[]): Promise<object[]> =>
      (await ask(['daily', '--timezone', zone, ...args], { home, env: { CLAWTRACE_NOW: second } })).rows;
    for (const window of [['--since', day, '--until', day], ['--today'], ['--last', '1d']])
      expect(await asked(...window), window.join(' ')).toMatchObject([{ day, responses: 2 }]);
    expect(await asked('--until', before)).toEqual([]);
  });

  it('is NULL, not 0, where none of it is known', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ message: { model: 'northwind-1' } })],
      [claudePath('s0')]: [claudeLine({ sessionId: 's0', requestId: 'r0', timestamp: '2026-03-31T12:00:00Z' })],
    });
    const status = await ask(['status'], { home, env: { CLAWTRACE_NOW: '2026-04-01T12:00:00Z' } });
    // the last two are of all days
    const { total_cost_usd, message_count, session_count, total_messages, file_count } = status;
    expect([total_cost_usd, message_count, session_count, total_messages, file_count]).toEqual([null, 1, 1, 2, 2]);
  });

  it('of a local runtime is free, whether the log names a model or not; elsewhere a missing name is said', async () => {
    const entry = (id: string, provider: string) => ({
      type: 'message',
      id,
      timestamp: '2026-04-01T10:00:00.000Z',
      message: { role: 'assistant', provider, usage: { input: 10, output: 10 } },
    });
    const home = homeWith({ '.openclaw/agents/main/sessions/s.jsonl': [entry('a', 'ollama'), entry('b', 'acme')] });
    const { rows, warnings } = await ask(['query', 'select logged_provider, cost from usage order by 1'], { home });
    expect(rows).toEqual([
      { logged_provider: 'acme', cost: null },
      { logged_provider: 'ollama', cost: 0 },
    ]);
    expect(warnings).toEqual(['1 response of an unnamed model: no price, not in the cost.']);
  });

  it('without a readable time is what the log says, or nothing where the runtime is local', async () => {
    const entry = (id: string, provider: string, total?: number) => ({
      type: 'message',
      id,
      timestamp: 'never',
      message: { role: 'assistant', provider, model: 'gpt-5.4', usage: { input: 10, output: 10, cost: { total } } },
    });
    const home = homeWith({
      '.openclaw/agents/main/sessions/s.jsonl': [
        entry('a', 'ollama', 0.5),
        entry('b', 'openai', 0.25),
        entry('c', 'openai'),
      ],
    });
    const { rows, warnings } = await ask(['query', 'select cost_basis, cost from usage order by 1'], { home });
    expect(rows).toEqual([
      { cost_basis: 'free', cost: 0 },
      { cost_basis: 'logged', cost: 0.25 },
      { cost_basis: null, cost: null },
    ]);
    expect(warnings).toEqual(['3 responses without a readable time: not in any day, and 1 of them not in the cost.']);
    expect((await clawtrace(['verify'], { home })).code).toBe(0);
  });

  it('is what the log says where no price is known, and said so', async () => {
    const entry = (id: string, model: string, total: number | undefined, provider = 'acme') => ({
      type: 'message',
      id,
      timestamp: '2026-04-01T10:00:00.000Z',
      message: {
        role: 'assistant',
        provider,
        model,
        usage: { input: 10, output: 10, ...(total === undefined ? {} : { cost: { input: 1, output: 1, total } }) },
      },
    });
    const home = homeWith({
      '.openclaw/agents/main/sessions/s.jsonl': [
        entry('a', 'northwind-1', 0.5),
        entry('b', 'northwind-2', 0),
        entry('c', 'llama3', 0, 'ollama'),
        entry('d', 'glm-4.7:cloud', undefined, 'ollama'),
        entry('e', 'claude-sonnet-4-6', 99, 'anthropic'),
      ],
    });
    const { rows } = await ask(
      ['query', 'select logged_model, cost, cost_basis, logged_cost from usage order by response_key'],
      { home },
    );
    expect(rows).toEqual([
      { logged_model: 'northwind-1', cost: 0.5, cost_basis: 'logged', logged_cost: 0.5 },
      { logged_model: 'northwind-2', cost: null, cost_basis: null, logged_cost: 0 },
      { logged_model: 'llama3', cost: 0, cost_basis: 'free', logged_cost: 0 },
      { logged_model: 'glm-4.7:cloud', cost: null, cost_basis: null, logged_cost: null },
      { logged_model: 'claude-sonnet-4-6', cost: 0.00018, cost_basis: 'list', logged_cost: 99 },
    ]);
  });
});
