import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, clawtrace, homeWith } from './helpers.ts';

const call = (id: string, name: string): object => ({ type: 'tool_use', id, name, input: { secret: 'x' } });

/** One line of a response of claude-opus-4-6 with 1000 tokens of output: 1000 * 25 / M = 0.025. */
const called = (content: object[], fields: object = {}, message: object = {}): object =>
  claudeLine({ usage: { output: 1000 }, ...fields, message: { content, ...message } });

const result = (id: string, is_error?: boolean, fields: object = {}): object => ({
  type: 'user',
  sessionId: 's1',
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'secret', is_error }] },
  ...fields,
});

const other = { requestId: 'req_2', timestamp: '2026-04-01T11:00:00Z' };

describe('tools', () => {
  it('splits a cost evenly to the last digit, and gives it in full to each tool', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        called([{ type: 'text', text: 'hello' }]),
        called([call('t1', 'Read')]),
        called([call('t2', 'Read'), call('t3', 'Bash')]),
        called([{ type: 'text', text: 'bye' }], other, { id: 'msg_2' }),
      ],
    });
    const { rows, totals } = await ask(['tools'], { home });
    // 0.025 / 3 = 0.008333333333, and one last digit more for the first call
    expect(rows.map((row) => [row.tool, row.category, row.calls, row.cost, row.full_cost])).toEqual([
      [null, 'none', 0, 0.025, 0.025],
      ['Read', 'system', 2, 0.016666666667, 0.025],
      ['Bash', 'system', 1, 0.008333333333, 0.025],
    ]);
    expect(totals).toEqual({ calls: 3, errors: 0, cost: 0.05 });
  });

  it('counts a call once over resumed and forked sessions', async () => {
    const lines = [called([call('t1', 'Read')]), result('t1', true), called([call('t2', 'Bash')]), result('t2')];
    const copies = lines.map((line) => ({ ...line, sessionId: 's2', forkedFrom: {} }));
    const home = homeWith({ [claudePath('s1')]: lines, [claudePath('s2')]: copies, [claudePath('s3')]: lines });
    const { rows } = await ask(['tools'], { home });
    expect(rows.map((row) => [row.tool, row.calls, row.errors, row.error_percent, row.cost])).toEqual([
      ['Bash', 1, 0, 0, 0.0125],
      ['Read', 1, 1, 100, 0.0125],
    ]);
  });

  it('tells errors from results that nobody logged', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        called([call('t1', 'Bash'), call('t2', 'Bash'), call('t3', 'Bash'), call('t4', 'Edit')]),
        result('t1', true),
        result('t2', false),
      ],
    });
    const { rows } = await ask(['tools'], { home });
    expect(rows.map((row) => [row.tool, row.calls, row.errors, row.error_percent])).toEqual([
      ['Bash', 3, 1, 50],
      ['Edit', 1, 0, null],
    ]);
  });

  it('groups MCP tools by server, plugins by name, and shows each on demand', async () => {
    const names = [
      'mcp__github__get_issue',
      'mcp__github__list__all',
      'mcp__plugin_sentry_mcp__find',
      'Task',
      'mcp__claude-in-chrome__go',
    ];
    const home = homeWith({ [claudePath('s1')]: [called(names.map((name, index) => call(`t${index}`, name)))] });
    const by = async (what: string) =>
      (await ask(['tools', '--by', what], { home })).rows.map((row) => [row.tool, row.category, row.calls]);
    expect(await by('server')).toEqual([
      ['github', 'mcp', 2],
      ['Task', 'orchestration', 1],
      ['chrome-browser', 'mcp', 1],
      ['sentry', 'mcp', 1],
    ]);
    expect(await by('tool')).toEqual(
      [...names].sort().map((name) => [name, name === 'Task' ? 'orchestration' : 'mcp', 1]),
    );
    expect(await by('category')).toEqual([
      ['mcp', 'mcp', 4],
      ['orchestration', 'orchestration', 1],
    ]);
  });

  it('finds the calls of gateways, which send no request id', async () => {
    const line = (uuid: string, id: string): object => called([call(id, 'Bash')], { requestId: undefined, uuid });
    const bare = called([call('t9', 'Edit')], { requestId: undefined, uuid: undefined, sessionId: 's2' });
    const home = homeWith({
      [claudePath('s1')]: [line('u1', 't1'), line('u2', 't2'), line('u1', 't1')],
      [claudePath('s2')]: [bare],
    });
    const { rows } = await ask(['tools'], { home });
    expect(rows.map((row) => [row.tool, row.calls, row.cost])).toEqual([
      ['Bash', 2, 0.025],
      ['Edit', 1, 0.025],
    ]);
  });

  it("reads OpenClaw's calls, and puts its tools into the categories they had", async () => {
    const names = ['exec', 'web_fetch', 'browser', 'image', 'sessions_send', 'memory_get', 'tts', 'Read'];
    const message = (id: string, message: object): object => ({
      type: 'message',
      id,
      timestamp: '2026-04-01T10:00:00Z',
      message,
    });
    const lines = [
      { type: 'session', version: 3, id: 'x', timestamp: '2026-04-01T10:00:00Z', cwd: '/claw' },
      message('e1', {
        role: 'assistant',
        provider: 'anthropic',
        model: 'claude-sonnet-4-6',
        content: names.map((name, index) => ({ type: 'toolCall', id: `c${index}`, name, arguments: {} })),
        usage: { input: 80, output: 0 },
      }),
      message('e2', { role: 'toolResult', toolCallId: 'c0', toolName: 'exec', isError: true, content: [] }),
      message('e3', { role: 'toolResult', toolCallId: 'c7', toolName: 'Read', isError: false, content: [] }),
    ];
    const folder = '.openclaw/agents/main/sessions';
    const home = homeWith({ [`${folder}/x.jsonl`]: lines, [`${folder}/x.jsonl.reset.2026-04-02`]: lines });
    const { rows, totals } = await ask(['tools', '--by', 'category'], { home });
    // 80 * 3 / M = 0.00024 over 8 calls
    expect(rows.map((row) => [row.tool, row.calls, row.errors, row.cost])).toEqual([
      ['system', 2, 1, 0.00006],
      ['brave', 1, 0, 0.00003],
      ['browser', 1, 0, 0.00003],
      ['image', 1, 0, 0.00003],
      ['memory', 1, 0, 0.00003],
      ['orchestration', 1, 0, 0.00003],
      ['other', 1, 0, 0.00003],
    ]);
    expect(totals.cost).toBe(0.00024);
  });

  it('has one category for each tool', async () => {
    const tools: Record<string, string[]> = {
      brave: ['web_fetch', 'web_search'],
      browser: ['browser'],
      image: ['image'],
      mcp: ['mcp__github__read'],
      memory: ['memory_get', 'memory_search'],
      orchestration: ['Agent', 'SendMessage', 'Task', 'sessions_send', 'sessions_spawn', 'subagents'],
      other: ['Skill'],
      system: [
        'Bash',
        'BashOutput',
        'Edit',
        'Glob',
        'Grep',
        'KillBash',
        'KillShell',
        'LS',
        'MultiEdit',
        'NotebookEdit',
        'NotebookRead',
        'Read',
        'Write',
        'exec',
      ],
      web: ['WebFetch', 'WebSearch'],
    };
    const calls = Object.values(tools)
      .flat()
      .map((name, index) => call(`t${index}`, name));
    const { rows } = await ask(
      ['query', 'select category, list(tool order by tool) as tools from tool_calls group by category'],
      { home: homeWith({ [claudePath('s1')]: [called(calls)] }) },
    );
    expect(Object.fromEntries(rows.map((row) => [row.category, row.tools]))).toEqual(tools);
  });

  it('finds the calls and results of repaired lines', async () => {
    const halved = (line: object): string => `${JSON.stringify(line).replace('"role"', '"cut":"\\ud83e","role"')}\n`;
    const home = homeWith({
      [claudePath('s1')]: halved(called([call('t1', 'Bash')])) + halved(result('t1', true)),
    });
    const { rows } = await ask(['tools'], { home });
    expect(rows).toMatchObject([{ tool: 'Bash', calls: 1, errors: 1, cost: 0.025 }]);
  });

  it('adds up to the whole cost, whatever a row is, and says nothing that was said', async () => {
    const { totals } = await ask(['daily', '--demo']);
    for (const by of ['tool', 'server', 'category']) {
      const tools = await ask(['tools', '--demo', '--by', by]);
      expect(tools.totals.cost).toBe(totals.cost);
    }
    const { stdout } = await clawtrace(['query', '--demo', '--json', 'from tool_calls']);
    expect(stdout).not.toContain('npm test');
  });

  it('joins usage by the response', async () => {
    const { rows } = await ask([
      'query',
      '--demo',
      `select count(*) as calls, count(distinct usage.response_key) as responses
      from tool_calls inner join usage using (source, response_key)`,
    ]);
    expect(rows).toEqual([{ calls: 293, responses: 293 }]);
  });
});
