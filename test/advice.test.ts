import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith, type Usage } from './helpers.ts';

const NOW = { CLAWTRACE_NOW: '2026-05-01T12:00:00Z' };
const OPUS = 'claude-opus-4-6';
const SONNET = 'claude-sonnet-4-6';
const HAIKU = 'claude-haiku-4-5-20251001';

/** A response of its own, of claude-opus-4-6 on a day without a surcharge for long prompts. */
function response(id: string, usage: Usage, fields: object = {}, model = OPUS): object {
  return claudeLine({ requestId: id, ...fields, message: { id, model }, usage });
}

const at = (timestamp: string, sessionId = 's1'): object => ({ timestamp, sessionId });

/** 1000*5 + 2000*25 + 100000*0.5 + 4000*6.25 + 8000*10 = 210000 / M = 0.21 */
const ALL_KINDS: Usage = { input: 1000, output: 2000, read: 100_000, write5m: 4000, write1h: 8000 };

describe('what-if', () => {
  it('prices each response on the other model, on its day', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a', ALL_KINDS),
        response('b', { input: 10, read: 200_000, output: 1000 }, at('2026-03-12T10:00:00Z')),
        response('c', { input: 10, read: 199_990, output: 1000 }, at('2026-03-12T10:00:00Z')),
      ],
    });
    const { rows, totals, notes } = await ask(['what-if', '--model', 'claude-sonnet-4-6'], { home });
    // a: 1000*3 + 2000*15 + 100000*0.3 + 4000*3.75 + 8000*6 = 126000 / M = 0.126
    // b, a long prompt before 2026-03-13: 0.2376 (10*10 + 200000*1 + 1000*37.5) becomes
    //    10*6 + 200000*0.6 + 1000*22.5 = 142560 / M = 0.14256
    // c, whose prompt is at the threshold, which no output crosses: 0.125045 (10*5 + 199990*0.5 + 1000*25)
    //    becomes 10*3 + 199990*0.3 + 1000*15 = 75027 / M = 0.075027
    expect(rows).toEqual([
      {
        model: OPUS,
        other_model: 'claude-sonnet-4-6',
        responses: 3,
        total_tokens: 517_010,
        cost: 0.572645,
        other_cost: 0.343587,
        difference: -0.229058,
        difference_percent: -40,
        unpriced_responses: 0,
      },
    ]);
    expect(totals.difference).toBe(-0.229058);
    expect(notes).toHaveLength(2);
  });

  it('changes nothing of a model onto itself, however it was served', async () => {
    const { rows } = await ask(['what-if', '--demo', '--model', OPUS, '--from', OPUS]);
    expect(rows).toMatchObject([{ model: OPUS, difference: 0, difference_percent: 0 }]);
    const home = homeWith({
      [claudePath('s1')]: [
        response('fast', { ...ALL_KINDS, speed: 'fast', inference_geo: 'us' }),
        response('batch', { ...ALL_KINDS, service_tier: 'batch' }),
        response('priority', { ...ALL_KINDS, service_tier: 'priority' }, {}, 'gpt-5.4'),
        response('long', { ...ALL_KINDS, read: 300_000 }, at('2026-03-01T10:00:00Z')),
        response('search', { ...ALL_KINDS, server_tool_use: { web_search_requests: 3 } }),
      ],
    });
    const itself = await ask(
      [
        'query',
        `select response_key, cost = other_cost as is_same
        from usage_on(priced_as) where cost > 0`,
      ],
      { home },
    );
    expect(itself.rows.map((row) => row.is_same)).toEqual([true, true, true, true, true]);
  });

  it('leaves what has no price out of both costs', async () => {
    const home = homeWith({
      [claudePath('s1')]: [response('a', ALL_KINDS), response('b', ALL_KINDS, {}, 'northwind-1')],
    });
    const { rows, totals } = await ask(['what-if', '--model', 'claude-sonnet-4-6'], { home });
    expect(rows[1]).toMatchObject({ model: 'northwind-1', cost: null, other_cost: null, unpriced_responses: 1 });
    expect(totals).toMatchObject({ cost: 0.21, other_cost: 0.126, difference: -0.084 });
  });

  it('takes an alias and dots, and tells names like an unknown one', async () => {
    const { rows } = await ask(['what-if', '--demo', '--model', 'claude-haiku-4.5', '--from', 'opus']);
    expect(rows).toMatchObject([{ other_model: 'claude-haiku-4-5-20251001' }]);
    const unknown = await clawtrace(['what-if', '--demo', '--model', 'opus-4-6']);
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(
      /^clawtrace: there is no price for a model 'opus-4-6'\. Similar names: claude-opus-4-6, .*\n$/,
    );
    expect((await clawtrace(['what-if', '--demo'])).stderr).toContain('what-if needs --model');
  });
});

describe('cache', () => {
  it("weighs reads and writes at each response's own price", async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a', ALL_KINDS),
        response('b', { read: 1000, speed: 'fast' }),
        response('c', { read: 1000 }, {}, 'northwind-1'),
      ],
    });
    const { rows } = await ask(['cache'], { home });
    expect(rows).toMatchObject([
      {
        model: OPUS,
        // 101000 of 114000
        hit_percent: 88.6,
        cache_write_5m_tokens: 4000,
        cache_write_1h_tokens: 8000,
        // 100000 * (5 - 0.5), and 1000 * (5 - 0.5) * 6 as fast
        saved_by_reads: 0.477,
        // 4000 * (6.25 - 5) and 8000 * (10 - 5)
        write_5m_overhead: 0.005,
        write_1h_overhead: 0.04,
        net_savings: 0.432,
        unpriced_responses: 0,
      },
      { model: 'northwind-1', hit_percent: 100, net_savings: null, unpriced_responses: 1 },
    ]);
  });
});

describe('optimize', () => {
  const suggestions = async (lines: object[], more: string[] = []) => {
    const home = homeWith({ [claudePath('s1')]: lines });
    return (await ask(['optimize', ...more], { home, env: NOW })).rows;
  };

  it('prices large models on the next smaller one, above a dollar', async () => {
    const rows = await suggestions([
      response('a', { output: 200_000 }),
      response('b', { output: 10_000 }, { ...at('2026-04-01T10:00:00Z', 's2'), cwd: '/src/other' }),
      response('c', { output: 900_000 }, at('2026-04-01T10:00:00Z', 's1'), 'claude-sonnet-4-6'),
    ]);
    // 200000*25 / M = 5 becomes 200000*15 / M = 3; the other project's 0.25 is too little
    expect(rows).toEqual([
      {
        type: 'model_downgrade',
        severity: 'medium',
        project: 'app',
        session_id: null,
        current_model: OPUS,
        suggested_model: 'claude-sonnet-4-6',
        current_cost: 5,
        estimated_savings: 2,
        affected_requests: 1,
        message:
          'Use claude-sonnet-4-6 for the response of claude-opus-4-6. Assumes the same number of tokens and turns, and an answer as good.',
      },
    ]);
  });

  it('minds a dollar, and high and medium savings, above their limits and not at them', async () => {
    const spent = (folder: string, output: number): object =>
      response(folder, { output }, { ...at('2026-04-01T10:00:00Z', folder), cwd: `/src/${folder}` });
    const rows = await suggestions([
      spent('a', 40_000), // $1
      spent('b', 40_001),
      spent('c', 100_000), // 2.50 becomes 1.50
      spent('d', 100_001),
      spent('e', 1_000_000), // 25 becomes 15
      spent('f', 1_000_001),
    ]);
    expect(rows.map(({ type, project, severity }) => [type, project, severity])).toEqual([
      ['model_downgrade', 'f', 'high'],
      ['model_downgrade', 'e', 'medium'],
      ['model_downgrade', 'd', 'medium'],
      ['model_downgrade', 'c', 'low'],
      ['model_downgrade', 'b', 'low'],
    ]);
  });

  it('suggests what is sold on the day', async () => {
    // size, next smaller model and smallest one of each model
    const smaller = async (day: string, models: readonly string[]): Promise<Record<string, unknown[]>> => {
      const { rows } = await ask(
        ['query', `from smaller_models where model in (${models.map((model) => `'${model}'`).join(', ')})`],
        { env: { CLAWTRACE_NOW: `${day}T12:00:00Z` } },
      );
      return Object.fromEntries(
        rows.map((row) => [row.model, [row.model_size, row.smaller_model, row.smallest_model]]),
      );
    };
    const ANTHROPIC = ['claude-3-opus-20240229', 'claude-3-5-sonnet-20241022', 'claude-3-7-sonnet-20250219'];
    expect(await smaller('2024-11-15', ANTHROPIC)).toEqual({
      'claude-3-opus-20240229': [3, 'claude-3-5-sonnet-20241022', 'claude-3-5-haiku-20241022'],
      'claude-3-5-sonnet-20241022': [2, 'claude-3-5-haiku-20241022', 'claude-3-5-haiku-20241022'],
    });
    const GOOGLE = ['gemini-2.5-pro', 'gemini-3-pro-preview', 'gemini-2.5-flash', 'gemini-3-flash-preview'];
    const OPENAI = ['gpt-5.2-pro', 'gpt-5.2', 'gpt-5.2-codex', 'gpt-5-mini', 'gpt-4o', 'gpt-5.4'];
    expect(await smaller('2026-02-10', ['claude-mythos-preview', OPUS, ...ANTHROPIC, ...GOOGLE, ...OPENAI])).toEqual({
      'claude-mythos-preview': [4, OPUS, HAIKU],
      [OPUS]: [3, 'claude-sonnet-4-5-20250929', HAIKU],
      'claude-3-opus-20240229': [3, 'claude-sonnet-4-5-20250929', HAIKU],
      'claude-3-5-sonnet-20241022': [2, HAIKU, HAIKU],
      'claude-3-7-sonnet-20250219': [2, HAIKU, HAIKU],
      'gemini-2.5-pro': [3, 'gemini-3-flash-preview', 'gemini-2.5-flash-lite'],
      'gemini-3-pro-preview': [3, 'gemini-3-flash-preview', 'gemini-2.5-flash-lite'],
      'gemini-2.5-flash': [2, 'gemini-2.5-flash-lite', 'gemini-2.5-flash-lite'],
      'gemini-3-flash-preview': [2, 'gemini-2.5-flash-lite', 'gemini-2.5-flash-lite'],
      'gpt-5.2-pro': [4, 'gpt-5.3-codex', 'gpt-5-nano'],
      'gpt-5.2': [3, 'gpt-5-mini', 'gpt-5-nano'],
      'gpt-5.2-codex': [3, 'gpt-5-mini', 'gpt-5-nano'],
      'gpt-5-mini': [2, 'gpt-5-nano', 'gpt-5-nano'],
    });
    expect(await smaller('2026-05-01', [OPUS])).toEqual({ [OPUS]: [3, SONNET, HAIKU] });
    const LATEST = [
      'claude-fable-5',
      'claude-opus-5',
      'claude-sonnet-5',
      'gpt-6-astra',
      'gpt-6.2-sol',
      'gpt-6.1-terra',
    ];
    expect(await smaller('2026-11-24', LATEST)).toEqual({
      'claude-fable-5': [4, 'claude-opus-5-5', 'claude-haiku-5-5'],
      'claude-opus-5': [3, 'claude-sonnet-5-5', 'claude-haiku-5-5'],
      'claude-sonnet-5': [2, 'claude-haiku-5-5', 'claude-haiku-5-5'],
      'gpt-6-astra': [4, 'gpt-6.2-sol', 'gpt-6-luna'],
      'gpt-6.2-sol': [3, 'gpt-6.1-terra', 'gpt-6-luna'],
      'gpt-6.1-terra': [2, 'gpt-6-luna', 'gpt-6-luna'],
    });
  });

  it('prices heartbeats and cron jobs on the smallest model, and in nothing else', async () => {
    const folder = '.openclaw/agents/main/sessions';
    const session = (id: string, model: string, input: number): object[] => [
      { type: 'session', version: 3, id, timestamp: '2026-04-01T10:00:00Z', cwd: '/src/claw' },
      {
        type: 'message',
        id: `entry-${id}`,
        timestamp: '2026-04-01T10:00:00Z',
        message: { role: 'assistant', provider: 'anthropic', model, usage: { input, output: 0 } },
      },
    ];
    const home = homeWith({
      [`${folder}/chat.jsonl`]: session('chat', OPUS, 1_000_000),
      [`${folder}/beat.jsonl`]: session('beat', OPUS, 2_000_000),
      [`${folder}/brief.jsonl`]: session('brief', SONNET, 100_000),
      [`${folder}/small.jsonl`]: session('small', HAIKU, 3_000_000),
      [`${folder}/sessions.json`]: JSON.stringify({
        'agent:main:main': { sessionId: 'chat' },
        'agent:main:main:heartbeat': { sessionId: 'beat', heartbeatIsolatedBaseSessionKey: 'agent:main:main' },
        'agent:main:cron:job-1': { sessionId: 'brief' },
        'agent:main:cron:job-2': { sessionId: 'small' },
      }),
      '.openclaw/cron/runs/job-1.jsonl': [
        { action: 'finished', status: 'ok', jobId: 'job-1', sessionId: 'brief', runAtMs: 1, ts: 2 },
      ],
      '.openclaw/cron/jobs.json': JSON.stringify({ jobs: [{ id: 'job-1', name: 'Morning brief', payload: {} }] }),
    });
    const { rows, notes } = await ask(['optimize'], { home, env: NOW });
    const premise = 'Assumes the same number of tokens and turns, and an answer as good.';
    // input of Opus, Sonnet and Haiku is $5, $3 and $1 a million
    expect(
      rows.map((row) => [row.type, row.suggested_model, row.current_cost, row.estimated_savings, row.message]),
    ).toEqual([
      // 2 * 5, less 2 * 1
      ['scheduled_work', HAIKU, 10, 8, `Use ${HAIKU} for heartbeats. ${premise}`],
      // 1 * 5, less 1 * 3: without the heartbeat, which is priced above
      ['model_downgrade', SONNET, 5, 2, `Use ${SONNET} for the response of ${OPUS}. ${premise}`],
      // 0.1 * 3, less 0.1 * 1; job-2 has the smallest model already
      ['scheduled_work', HAIKU, 0.3, 0.2, `Use ${HAIKU} for the cron job Morning brief. ${premise}`],
    ]);
    expect(notes).toMatchObject([expect.stringContaining('no response is in both')]);
  });

  it('finds input that repeats within five minutes and was not read from the cache', async () => {
    const rows = await suggestions([
      response('a', { input: 10_000 }, at('2026-04-01T10:00:00Z')),
      // repeats 10000: 10000 * (2*5 - 0.5 - 6.25) / M = 0.0325
      response('b', { input: 12_000 }, at('2026-04-01T10:05:00Z')),
      // a moment later the cache would have been gone
      response('c', { input: 14_000 }, at('2026-04-01T10:10:00.001Z')),
      // 12977 of 14000 were read: the rest, 1023, is too short
      response('d', { input: 1500, read: 12_977 }, at('2026-04-01T10:12:00Z')),
      // compacted: a new prompt
      response('e', { input: 5000 }, at('2026-04-01T10:13:00Z')),
      // the same prompt, of which 3976 were read: 1024 are enough, 1024 * 3.25 / M = 0.003328
      response('f', { input: 1024, read: 3976 }, at('2026-04-01T10:14:00Z')),
    ]);
    // 12000*5 + 1024*5 = 65120 / M
    expect(rows).toMatchObject([
      {
        type: 'cache_miss',
        severity: 'low',
        affected_requests: 2,
        current_cost: 0.06512,
        estimated_savings: 0.035828,
      },
    ]);
  });

  it('finds 1-hour writes that nothing read, and no others', async () => {
    const unread = response('a', { write1h: 100_000 }, at('2026-04-01T10:00:00Z'), SONNET);
    const late = response('b', { read: 100_000 }, at('2026-04-01T11:00:01Z', 's2'), SONNET);
    const inTime = response('c', { read: 100_000 }, at('2026-04-01T11:00:00Z', 's2'), SONNET);
    // 100000 * (6 - 3) / M = 0.3
    expect(await suggestions([unread, late])).toMatchObject([
      { type: 'unread_cache', affected_requests: 1, current_cost: 0.6, estimated_savings: 0.3 },
    ]);
    expect(await suggestions([unread, inTime])).toEqual([]);
    // a filter that may hide the read, a window that may end before it, and an hour that is not over
    expect(await suggestions([unread, inTime], ['--session', 's1'])).toEqual([]);
    expect(await suggestions([unread, inTime], ['--project', 'app'])).toEqual([]);
    const last = response('a', { write1h: 100_000 }, at('2026-03-31T23:30:00Z'), SONNET);
    expect(await suggestions([last], ['--until', '2026-03-31'])).toEqual([]);
    const recent = (time: string): object => response('a', { write1h: 100_000 }, at(`2026-05-01T${time}Z`), SONNET);
    expect(await suggestions([recent('11:00:00.001')])).toEqual([]);
    expect(await suggestions([recent('11:00:00.000')])).toHaveLength(1);
  });

  it('finds sessions far above the mean, and says that the saving is unknown', async () => {
    const cheap = ['s2', 's3', 's4', 's5', 's6'].map((session) =>
      response(session, { output: 100_000 }, at('2026-04-01T10:00:00Z', session), HAIKU),
    );
    const dear = response('a', { output: 4_000_000 }, at('2026-04-01T10:00:00Z'), HAIKU);
    // five of 0.5 and one of 20: the mean is 3.75, and 20 is more than 18.75
    expect(await suggestions([...cheap, dear])).toMatchObject([
      {
        type: 'session_outlier',
        severity: 'low',
        session_id: 's1',
        current_cost: 20,
        estimated_savings: null,
        message: 'Review session s1. 5.3 times the mean session of $3.75. What it could save is unknown.',
      },
    ]);
    const spent = (output: number): object => response('a', { output }, at('2026-04-01T10:00:00Z'), HAIKU);
    // 12.5 is five times the mean of (2.5 + 12.5) / 6
    expect(await suggestions([...cheap, spent(2_500_000)])).toEqual([]);
    expect(await suggestions([...cheap, spent(2_500_001)])).toHaveLength(1);
    const free = ['s2', 's3', 's4', 's5', 's6'].map((session) =>
      response(session, {}, at('2026-04-01T10:00:00Z', session), HAIKU),
    );
    // above $2, too: 2 is six times the mean
    expect(await suggestions([...free, spent(400_000)])).toEqual([]);
    expect(await suggestions([...free, spent(400_001)])).toHaveLength(1);
  });

  it('names the five most expensive of such sessions', async () => {
    // of 38 sessions 32 cost nothing and six $10 to $15: the mean is 75 / 38 = 1.97, and five times that is 9.87
    const sessions = Array.from({ length: 38 }, (_, index) => {
      const dollars = index < 6 ? 10 + index : 0;
      return response(`s${index}`, { output: dollars * 200_000 }, at('2026-04-01T10:00:00Z', `s${index}`), HAIKU);
    });
    expect((await suggestions(sessions)).map((row) => [row.type, row.session_id, row.current_cost])).toEqual([
      ['session_outlier', 's5', 15],
      ['session_outlier', 's4', 14],
      ['session_outlier', 's3', 13],
      ['session_outlier', 's2', 12],
      ['session_outlier', 's1', 11],
    ]);
  });
});

describe('estimate', () => {
  const text = (content: string) => ({ home: homeWith({ 'text.md': content }), env: NOW });
  const estimate = async (content: string, ...args: string[]) => {
    const surroundings = text(content);
    const { rows } = await ask(['estimate', join(surroundings.home, 'text.md'), ...args], surroundings);
    expect(rows).toHaveLength(1);
    return rows[0];
  };

  it('counts with the tokenizer of the model, and prices at today', async () => {
    // 2 tokens, an answer of 1: 2*2.5 + 1*15 = 20 / M
    expect(await estimate('hello world', '--model', 'gpt-5.4')).toMatchObject({
      characters: 11,
      counted_by: 'o200k_base',
      input_tokens: 2,
      output_tokens: 1,
      cost: 0.00002,
    });
    // a text may hold what reads like a special token
    expect(await estimate('<|endoftext|>', '--model', 'gpt-4-turbo')).toMatchObject({ counted_by: 'cl100k_base' });
  });

  it('takes a quarter of the characters where there is none, and says so', async () => {
    // 11 / 4 = 3, an answer of 6: 3*3 + 6*15 = 99 / M
    expect(await estimate('hello world', '--model', 'claude-sonnet-4.6', '--output-ratio', '2')).toMatchObject({
      model: 'claude-sonnet-4-6',
      counted_by: 'characters / 4',
      input_tokens: 3,
      output_tokens: 6,
      input_cost: 0.000009,
      output_cost: 0.00009,
      cost: 0.000099,
    });
    // 9 / 4 and 3 / 10, both rounded up
    expect(await estimate('hello you', '--model', OPUS, '--output-ratio', '0.1')).toMatchObject({
      input_tokens: 3,
      output_tokens: 1,
    });
    expect(await estimate('', '--model', OPUS)).toMatchObject({ input_tokens: 0, output_tokens: 0, cost: 0 });
    // a word without an end would take the tokenizer minutes
    expect(await estimate('a'.repeat(40_000), '--model', 'gpt-5.4')).toMatchObject({ input_tokens: 10_000 });
  });

  it('charges a long prompt as such', async () => {
    // 272001 tokens of gpt-5.4 are above its threshold: 5 and 22.5
    const long = await estimate(' a'.repeat(272_001), '--model', 'gpt-5.4', '--output-ratio', '0');
    expect(long).toMatchObject({ input_tokens: 272_001, cost: 1.360005 });
    // at the threshold 2.5
    const short = await estimate(' a'.repeat(272_000), '--model', 'gpt-5.4', '--output-ratio', '0');
    expect(short).toMatchObject({ input_tokens: 272_000, cost: 0.68 });
  });

  it('takes the price of the moment', async () => {
    const home = homeWith({ 'text.md': 'hello world' });
    const price = async (now: string) =>
      (
        await ask(['estimate', join(home, 'text.md'), '--model', 'gpt-5.6-sol'], { home, env: { CLAWTRACE_NOW: now } })
      ).rows.map((row) => [row.price_from, row.input_cost]);
    // 2 tokens at 5, and at 4 from midnight UTC on
    expect(await price('2026-08-20T23:59:59.999Z')).toEqual([['2026-07-09', 0.00001]]);
    expect(await price('2026-08-21T00:00:00Z')).toEqual([['2026-08-21', 0.000008]]);
  });

  it('reads stdin, no logs, and says what it cannot read', async () => {
    const { stdout, stderr } = await clawtrace(['estimate', '-', '--model', OPUS, '--format', 'csv']);
    expect(stdout).toContain('-,claude-opus-4-6,0,');
    expect(stderr).toBe('');
    expect((await clawtrace(['estimate', 'nowhere.md', '--model', OPUS])).stderr).toMatch(
      /^clawtrace: cannot read nowhere\.md: .*\n$/,
    );
    expect((await clawtrace(['estimate', 'nowhere.md', '--model', 'gpt-55'])).stderr).toContain(
      'Similar names: gpt-5.5',
    );
    expect((await clawtrace(['estimate', 'x', '--model', OPUS, '--since', '2026-01-01'])).stderr).toContain(
      "unknown option '--since'",
    );
  });
});
