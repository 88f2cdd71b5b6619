import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../src/package.ts';
import { ask, claudeLine, claudePath, clawtrace, homeWith } from './helpers.ts';

const COLUMNS =
  'provider,model,effective_from,input,output,cache_read,cache_write_5m,cache_write_1h,long_context_threshold,input_above,output_above,cache_read_above,cache_write_5m_above,cache_write_1h_above,fast_multiplier,batch_multiplier,us_multiplier,web_search_per_1k,source,confidence,notes';

type Price = Record<string, string>;

const prices = new Map<string, Price[]>(
  readdirSync(packagePath('pricing'))
    .filter((name) => name.endsWith('.csv') && name !== 'aliases.csv' && name !== 'context_windows.csv')
    .map((name) => [name, readCsv(name)]),
);
const all = [...prices.values()].flat();

/** The files are plain: quoted fields hold commas and doubled quotes, no line breaks. */
function readCsv(name: string): Price[] {
  const [head, ...rows] = readFileSync(packagePath(`pricing/${name}`), 'utf8')
    .trim()
    .split('\n')
    .map(splitCsv);
  return rows.map((row) => Object.fromEntries(head!.map((column, index) => [column, row[index] ?? ''])));
}

function splitCsv(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    (field) => field[1]?.replaceAll('""', '"') ?? field[2]!,
  );
}

/** Names as logs and table are both spelled before they are compared. */
const plain = (model: string): string => model.toLowerCase().replaceAll('.', '-');

describe('every row of the price table', () => {
  it('has the columns of the others, and stands in the file of its provider', () => {
    for (const [name, rows] of prices) {
      expect(readFileSync(packagePath(`pricing/${name}`), 'utf8').split('\n')[0]).toBe(COLUMNS);
      for (const row of rows) expect(`${row.provider}.csv`).toBe(name);
    }
    expect(all.length).toBeGreaterThanOrEqual(283);
  });

  it('has a key of its own, and days in order', () => {
    const keys = all.map((row) => `${row.provider} ${row.model} ${row.effective_from}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const rows of prices.values()) {
      const last = new Map<string, string>();
      for (const { model, effective_from } of rows) {
        expect(effective_from).toMatch(/^(\d{4}-\d{2}-\d{2})?$/);
        const before = last.get(model!);
        if (before !== undefined) expect(effective_from! > before, `${model} ${effective_from}`).toBe(true);
        last.set(model!, effective_from!);
      }
    }
  });

  it('has an input and an output price, no negative number, a source and a confidence', () => {
    const numbers = COLUMNS.split(',').slice(3, 18);
    for (const row of all) {
      expect(row.input).not.toBe('');
      expect(row.output).not.toBe('');
      for (const column of numbers) expect(row[column], `${row.model} ${column}`).toMatch(/^(\d+(\.\d{1,6})?)?$/);
      expect(row.source).not.toBe('');
      expect(['high', 'med', 'low']).toContain(row.confidence);
    }
  });

  it('a context window belongs to a model of the table, and names its source', () => {
    const windows = readCsv('context_windows.csv');
    const listed = new Set(all.map((row) => `${row.provider} ${row.model}`));
    const keys = windows.map((row) => `${row.provider} ${row.model} ${row.effective_from}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const row of windows) {
      expect(listed).toContain(`${row.provider} ${row.model}`);
      expect(row.context_window).toMatch(/^[1-9]\d{3,6}$/);
      expect(row.source).not.toBe('');
    }
  });

  it('names a model under one provider only, aliases included', () => {
    const aliases = readCsv('aliases.csv').filter((alias) => alias.model !== '*');
    const owner = new Map<string, string>();
    for (const { provider, model } of [...all, ...aliases]) {
      if (model === '*') continue;
      const known = owner.get(plain(model!)) ?? provider!;
      expect(known, model).toBe(provider);
      owner.set(plain(model!), known);
    }
    const listed = new Set(all.map((row) => `${row.provider} ${row.model}`));
    for (const alias of aliases) expect(listed, alias.model).toContain(`${alias.provider} ${alias.price_model}`);
  });

  it('needs no more than 12 decimals for a token at any service', () => {
    const micro = (text: string | undefined, digits: number): bigint =>
      BigInt(Math.round(Number(text || '1') * 10 ** digits));
    for (const row of all) {
      for (const column of COLUMNS.split(',').filter((name) => /^(input|output|cache_)/.test(name))) {
        if (!row[column]) continue;
        for (const fast of [undefined, row.fast_multiplier]) {
          // OpenAI's priority and batch are values of one field: no response has both
          for (const batch of fast && row.provider === 'openai' ? [undefined] : [undefined, row.batch_multiplier]) {
            for (const us of [undefined, row.us_multiplier]) {
              const product = micro(row[column], 6) * micro(fast, 3) * micro(batch, 3) * micro(us, 3);
              expect(product % 10n ** 9n, `${row.model} ${column}`).toBe(0n);
            }
          }
        }
      }
    }
  });
});

describe('the model of a response', () => {
  const named = async (models: readonly string[]) => {
    const records = models.map((model, index) =>
      claudeLine({ requestId: `r${index}`, message: { id: `m${index}`, model }, usage: { input: 1_000_000 } }),
    );
    const { rows } = await ask(
      ['query', 'select logged_model, model, provider, cost from usage order by file, response_key'],
      {
        home: homeWith({ [claudePath('s1')]: records }),
      },
    );
    return new Map(rows.map((row) => [row.logged_model, row]));
  };

  it('is found by exact name, in one spelling', async () => {
    const same = [
      'claude-opus-4-6',
      'Claude-Opus-4.6',
      'anthropic/claude-opus-4-6',
      'openrouter/anthropic/claude-opus-4.6',
      'us.anthropic.claude-opus-4-6-v1:0',
      'eu.anthropic.claude-opus-4-6-v1',
      'global.anthropic.claude-opus-4-6',
      'vertex_ai/claude-opus-4-6@default',
      'claude-opus-4-6[1m]',
      'claude-opus-4-6-20260205',
    ];
    const found = await named(same);
    for (const name of same) expect(found.get(name), name).toMatchObject({ model: 'claude-opus-4-6', cost: 5 });
  });

  it('is found by alias, and by date after an @', async () => {
    const found = await named([
      'claude-sonnet-4-5',
      'claude-sonnet-4-5@20250929',
      'claude-haiku-4-5',
      'gpt-4o-2024-05-13',
      'gpt-4o',
    ]);
    expect(found.get('claude-sonnet-4-5')).toMatchObject({
      model: 'claude-sonnet-4-5-20250929',
      provider: 'anthropic',
    });
    expect(found.get('claude-sonnet-4-5@20250929')).toMatchObject({ model: 'claude-sonnet-4-5-20250929' });
    expect(found.get('claude-haiku-4-5')).toMatchObject({ model: 'claude-haiku-4-5-20251001', cost: 1 });
    expect(found.get('gpt-4o-2024-05-13')).toMatchObject({ cost: 5, provider: 'openai' });
    expect(found.get('gpt-4o')).toMatchObject({ cost: 2.5 });
  });

  it('is never a neighbour: unknown names cost NULL', async () => {
    const strangers = [
      'claude-opus-4-99',
      'gpt-5.99',
      'claude-opus',
      'opus-4-6',
      'glm-5-mega',
      'fireworks/glm-4.7',
      'some-model:free',
    ];
    const found = await named(strangers);
    for (const name of strangers) expect(found.get(name), name).toMatchObject({ model: name, cost: null });
  });
});

describe('the prices report', () => {
  it('lists what is in force on the day, with its source', async () => {
    const { rows } = await ask(['prices'], { env: { CLAWTRACE_NOW: '2026-08-15T12:00:00Z' } });
    const sol = rows.filter((row) => row.model === 'gpt-5.6-sol');
    expect(sol).toMatchObject([
      { provider: 'openai', since: '2026-07-09', input: 5, output: 30, cache_read: 0.5, confidence: 'high' },
    ]);
    expect(rows.some((row) => row.model === 'claude-opus-5-5')).toBe(false);
  });

  it('lists models without a price', async () => {
    const records = [claudeLine({ message: { id: 'a', model: 'northwind-1' } }), claudeLine({ message: { id: 'b' } })];
    const { rows } = await ask(['prices', '--unpriced'], { home: homeWith({ [claudePath('s1')]: records }) });
    expect(rows).toMatchObject([{ model: 'northwind-1', responses: 1, input: null }]);
  });

  it("takes the user's own table first, row by row", async () => {
    const own =
      'provider,model,effective_from,input,output\nanthropic,claude-opus-4-6,2026-04-01,7,70\nacme,northwind-1,,1.5,2\n';
    const line = (id: string, model: string, day: string) =>
      claudeLine({
        requestId: id,
        timestamp: `${day}T12:00:00Z`,
        message: { id, model },
        usage: { input: 1_000_000, output: 1_000_000 },
      });
    const home = homeWith({
      '.config/clawtrace/prices.csv': own,
      [claudePath('s1')]: [
        line('a', 'claude-opus-4-6', '2026-03-31'),
        line('b', 'claude-opus-4-6', '2026-04-02'),
        line('c', 'northwind-1', '2026-04-02'),
      ],
    });
    const { rows } = await ask(['query', 'select response_key, cost, price_from from usage order by 1'], { home });
    expect(rows.map((row) => row.cost)).toEqual([30, 77, 3.5]);
  });

  const ownPrices = async (own: string, models: readonly string[]): Promise<Record<string, any>[]> => {
    const home = homeWith({
      '.config/clawtrace/prices.csv': `provider,model,effective_from,input,output\n${own}\n`,
      [claudePath('s1')]: models.map((model, index) =>
        claudeLine({
          requestId: `r${index}`,
          message: { id: `m${index}`, model },
          usage: { input: 1_000_000, output: 0 },
        }),
      ),
    });
    return (await ask(['query', 'select response_key, cost from usage order by response_key'], { home })).rows;
  };

  it.each([
    ['anthropic,claude-sonnet-4-5,,1,1', 'claude-sonnet-4-5', 1],
    ['Anthropic,Claude-Sonnet-4.5,,1,1', 'claude-sonnet-4-5-20250929', 1],
    ['acme,claude-opus-4-6,,1,1', 'claude-opus-4-6', 5],
    ['acme,claude-opus-4-6,,1,1', 'acme/claude-opus-4-6', 1],
    ['openrouter,anthropic/claude-opus-4-6,,1,1', 'claude-opus-4-6', 5],
    ['openrouter,anthropic/claude-opus-4-6,,1,1', 'openrouter/anthropic/claude-opus-4-6', 1],
    ['acme,northwind-1,,1,1\nother,northwind-1,,2,2', 'northwind-1', 1],
  ])('never counts a response twice, whatever name the own row has: %s for %s', async (own, model, cost) => {
    const found = await ownPrices(own, [model]);
    expect(found.map((row) => row.cost)).toEqual([cost]);
  });

  it("does not reach back before its date, where the package's row has none", async () => {
    const line = (id: string, day: string): object =>
      claudeLine({
        requestId: id,
        timestamp: `${day}T12:00:00Z`,
        message: { id, model: 'gpt-4' },
        usage: { input: 1_000_000, output: 0 },
      });
    const home = homeWith({
      '.config/clawtrace/prices.csv': 'provider,model,effective_from,input,output\nopenai,gpt-4,2026-06-01,1,1\n',
      [claudePath('s1')]: [line('a', '2024-05-01'), line('b', '2026-06-01')],
    });
    const { rows } = await ask(['query', 'select cost from usage order by responded_at'], { home });
    expect(rows.map((row) => row.cost)).toEqual([30, 1]);
  });

  it('is the row in force, of rows in any order, and beats ours of the same day', async () => {
    const line = (id: string, timestamp: string, model = 'northwind-1'): object =>
      claudeLine({ requestId: id, timestamp, message: { id, model }, usage: { input: 200_000 } });
    const home = homeWith({
      '.config/clawtrace/prices.csv': [
        'provider,model,effective_from,input,output',
        'acme,northwind-1,2026-04-01,40,1',
        'acme,northwind-1,,10,1',
        'acme,northwind-1,2026-02-01,20,1',
        'acme,northwind-2,2026-04-01,40,1',
        'acme,northwind-2,2026-02-01,20,1',
        'openai,gpt-5.6-sol,2026-08-21,7,1',
      ].join('\n'),
      [claudePath('s1')]: [
        line('a', '2020-01-01T00:00:00Z'),
        line('b', '2026-01-31T23:59:59Z'),
        line('c', '2026-02-01T00:00:00Z'),
        line('d', '2026-03-31T23:59:59Z'),
        line('e', '2026-04-01T00:00:00Z'),
        line('f', '2026-01-31T23:59:59Z', 'northwind-2'), // the first row reaches back
        line('g', '2026-04-01T00:00:00Z', 'northwind-2'),
        line('h', '2026-08-20T23:59:59Z', 'gpt-5.6-sol'), // ours, 5
        line('i', '2026-08-21T00:00:00Z', 'gpt-5.6-sol'), // ours is 4 from that day on
      ],
    });
    const { rows } = await ask(['query', 'select cost * 5 as price from usage order by response_key'], { home });
    expect(rows.map((row) => row.price)).toEqual([10, 10, 20, 20, 40, 20, 40, 5, 7]);
    const sol = await ask(['query', "select input_price from prices where model = 'gpt-5.6-sol' order by 1"], { home });
    expect(sol.rows.map((row) => row.input_price)).toEqual([5, 7]);
  });

  it('fills blank cells: what is above the threshold from its base, a 1-hour write from the 5-minute one', async () => {
    const own = [
      'provider,model,input,output,cache_read,cache_write_5m,cache_write_1h,long_context_threshold,' +
        'input_above,output_above,cache_read_above,cache_write_5m_above,cache_write_1h_above',
      'acme,a,1,2,,,,9,,,,,',
      'acme,b,1,2,3,4,,9,,,,,',
      'acme,c,1,2,,,,9,10,20,,,',
      'acme,d,1,2,3,4,,9,10,20,,,',
      'acme,e,1,2,,4,,9,10,20,,40,',
      'acme,f,1,2,,4,5,9,10,20,,40,',
      'acme,g,1,2,3,4,5,9,10,20,30,40,50',
    ];
    const home = homeWith({ '.config/clawtrace/prices.csv': own.join('\n') });
    const { rows } = await ask(
      [
        'query',
        `select model, [cache_read_price, cache_write_5m_price, cache_write_1h_price] as base, [input_price_above,
           output_price_above, cache_read_price_above, cache_write_5m_price_above, cache_write_1h_price_above] as above
         from prices where provider = 'acme' order by model`,
      ],
      { home },
    );
    expect(rows.map(({ model, base, above }) => [model, base, above])).toEqual([
      ['a', [1, 1, 1], [1, 2, 1, 1, 1]],
      ['b', [3, 4, 4], [1, 2, 3, 4, 4]],
      ['c', [1, 1, 1], [10, 20, 10, 10, 10]],
      ['d', [3, 4, 4], [10, 20, 3, 4, 4]],
      ['e', [1, 4, 4], [10, 20, 10, 40, 40]],
      ['f', [1, 4, 5], [10, 20, 10, 40, 5]],
      ['g', [3, 4, 5], [10, 20, 30, 40, 50]],
    ]);
  });

  it.each([
    ['no price', { message: { model: 'northwind-1' } }],
    ['fast, batch or web search', { usage: { speed: 'fast' }, message: { model: 'claude-haiku-4-5' } }],
    ['fast, batch or web search', { usage: { service_tier: 'batch' }, message: { model: 'glm-4.5' } }],
    [
      'fast, batch or web search',
      { usage: { server_tool_use: { web_search_requests: 1 } }, message: { model: 'glm-4.5' } },
    ],
    ['without a readable time', { timestamp: 'yesterday' }],
  ])('warns of it where nothing else is amiss: %s, %j', async (said, line) => {
    const { warnings } = await ask(['daily'], { home: homeWith({ [claudePath('s1')]: [claudeLine(line)] }) });
    expect(warnings).toEqual([expect.stringContaining(said)]);
  });

  it('warns of what the costs leave out, each once', async () => {
    const line = (id: string, model: string, more: object = {}): object =>
      claudeLine({ requestId: id, message: { id, model }, usage: { input: 1, output: 1, ...more } });
    const home = homeWith({
      [claudePath('s1')]: [
        line('a', 'northwind-1'),
        line('b', 'northwind-1'),
        line('c', 'northwind-2'),
        { ...line('d', 'northwind-2'), timestamp: 'yesterday' },
        line('e', 'claude-haiku-4-5', { speed: 'fast' }),
        line('f', 'claude-haiku-4-5'),
      ],
    });
    const { warnings } = await ask(['daily'], { home });
    expect(warnings.map((warning) => warning.replace(/ Add a line to .*: /, ' '))).toEqual([
      '1 response of claude-haiku-4-5-20251001: fast, batch or web search service without a price, charged as standard.',
      '1 response of northwind-2: no price, not in the cost. PROVIDER,northwind-2,,INPUT,OUTPUT (USD per million tokens)',
      '1 response without a readable time: not in any day, and not in the cost.',
      '2 responses of northwind-1: no price, not in the cost. PROVIDER,northwind-1,,INPUT,OUTPUT (USD per million tokens)',
    ]);
  });

  const HEAD = 'provider,model,effective_from,input,output';
  it.each([
    'garbage,"unclosed',
    `${HEAD}\nacme,northwind-1,,abc,2`,
    'acme,northwind-1,,1,2',
    'provider;model;effective_from;input;output\nacme;northwind-1;;1;2',
    'provider,model,effective_from,input\nacme,northwind-1,,1',
    `${HEAD},cached\nacme,northwind-1,,1,2,3`,
    `${HEAD}\nacme,northwind-1,,1,`,
    `${HEAD}\nacme,northwind-1,,-1,2`,
    `${HEAD}\n,northwind-1,,1,2`,
    `${HEAD}\nacme,northwind-1,,1,2\nacme,northwind-1,,2,2`,
  ])('says in one line that it cannot be read: %j', async (own) => {
    const home = homeWith({ '.config/clawtrace/prices.csv': `${own}\n` });
    const { code, stderr, stdout } = await clawtrace(['daily', '--demo'], { home });
    expect([code, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(
      /prices\.csv: cannot be read as prices \(.*\)\. It must be CSV whose first line names the columns/,
    );
  });
});
