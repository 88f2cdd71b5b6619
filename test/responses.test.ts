import { describe, expect, it } from 'vitest';
import { ask, claudeLine, claudePath, homeWith } from './helpers.ts';

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const at = (second: number): string => `2026-04-01T10:00:${String(second).padStart(2, '0')}.000Z`;

/** Lines with a uuid and a time of their own, as an agent writes them. */
let serial = 0;
const line = (fields: Parameters<typeof claudeLine>[0]): object =>
  claudeLine({ uuid: uuid(++serial), timestamp: at(serial % 60), ...fields });

interface Case {
  readonly what: string;
  readonly files: Record<string, readonly object[] | string>;
  /** Responses, input, output, cache read and cache write tokens of all files. */
  readonly sums: readonly [number, number, number, number, number];
}

const side = { isSidechain: true, agentId: 'a1' };
const gateway = { requestId: undefined };

const CASES: readonly Case[] = [
  {
    what: 'output that grows while it streams',
    files: {
      [claudePath('s1')]: [3, 500, 900].map((output) => line({ usage: { input: 10, output, read: 20, write5m: 30 } })),
    },
    sums: [1, 10, 900, 20, 30],
  },
  {
    what: 'growing output in any order of lines, over two files',
    files: {
      [claudePath('s1')]: [900, 3].map((output) => line({ usage: { input: 10, output } })),
      [claudePath('s2')]: [line({ sessionId: 's2', usage: { input: 10, output: 500 } })],
    },
    sums: [1, 10, 900, 0, 0],
  },
  {
    what: 'one message id, two request ids: two responses',
    files: {
      [claudePath('s1')]: [
        line({ usage: { input: 10, output: 5 } }),
        line({ requestId: 'req_2', usage: { input: 10, output: 5 } }),
      ],
    },
    sums: [2, 20, 10, 0, 0],
  },
  {
    what: 'no request id: the block lines of one response',
    files: { [claudePath('s1')]: [3, 500].map((output) => line({ ...gateway, usage: { input: 1000, output } })) },
    sums: [1, 1000, 500, 0, 0],
  },
  {
    what: 'a gateway that gives every response the same id',
    files: { [claudePath('s1')]: [100, 200, 300].map((input) => line({ ...gateway, usage: { input, output: 5 } })) },
    sums: [3, 600, 15, 0, 0],
  },
  {
    what: 'no request id, two sessions: two responses',
    files: {
      [claudePath('s1')]: [line({ ...gateway, usage: { input: 10, output: 5 } })],
      [claudePath('s2')]: [line({ ...gateway, sessionId: 's2', usage: { input: 10, output: 5 } })],
    },
    sums: [2, 20, 10, 0, 0],
  },
  {
    what: 'no request id, two agents of a session: two responses',
    files: {
      [claudePath('s1')]: ['a1', 'a2'].map((agentId) => line({ ...gateway, agentId, usage: { input: 10, output: 5 } })),
    },
    sums: [2, 20, 10, 0, 0],
  },
  {
    what: 'no request id, copied into a forked session: equal uuid',
    files: {
      [claudePath('s1')]: [
        line({ ...gateway, uuid: uuid(901), usage: { input: 10, output: 1 } }),
        line({ ...gateway, uuid: uuid(902), usage: { input: 10, output: 5 } }),
      ],
      [claudePath('s2')]: [
        line({
          ...gateway,
          sessionId: 's2',
          forkedFrom: { sessionId: 's1' },
          uuid: uuid(901),
          usage: { input: 10, output: 1 },
        }),
        line({
          ...gateway,
          sessionId: 's2',
          forkedFrom: { sessionId: 's1' },
          uuid: uuid(902),
          usage: { input: 10, output: 5 },
        }),
      ],
    },
    sums: [1, 10, 5, 0, 0],
  },
  {
    what: 'a request id on one line only',
    files: {
      [claudePath('s1')]: [
        line({ usage: { input: 10, output: 5 } }),
        line({ ...gateway, usage: { input: 10, output: 7 } }),
      ],
    },
    sums: [1, 10, 7, 0, 0],
  },
  {
    what: 'a request id on one line only: not in another session, nor with another prompt',
    files: {
      [claudePath('s1')]: [
        line({ usage: { input: 10, read: 20, write5m: 30 } }),
        line({ ...gateway, usage: { input: 11, read: 20, write5m: 30 } }),
        line({ ...gateway, usage: { input: 10, read: 21, write5m: 30 } }),
        line({ ...gateway, usage: { input: 10, read: 20, write5m: 31 } }),
      ],
      [claudePath('s2')]: [line({ ...gateway, sessionId: 's2', usage: { input: 10, read: 20, write5m: 30 } })],
    },
    sums: [5, 51, 0, 101, 151],
  },
  {
    what: 'a sidechain that replays its parent under a new request id',
    files: {
      [claudePath('s1')]: [line({ usage: { input: 3, output: 40, read: 20 } })],
      [claudePath('s1/subagents/agent-1')]: [
        line({ ...side, requestId: 'req_replay', usage: { input: 3, output: 10, read: 20 } }),
        line({ ...side, requestId: 'req_own', message: { id: 'msg_own' }, usage: { input: 1, output: 30, read: 700 } }),
      ],
    },
    sums: [2, 4, 70, 720, 0],
  },
  {
    what: 'a sidechain that replays another session: with a request id only',
    files: {
      [claudePath('s1')]: [
        line({ usage: { input: 10, output: 40 } }),
        line({ ...side, ...gateway, usage: { input: 20, output: 1 } }), // its own session: that response
      ],
      [claudePath('s2')]: [
        line({ ...side, requestId: 'req_replay', sessionId: 's2', usage: { input: 10, output: 2 } }),
      ],
      [claudePath('s3')]: [line({ ...side, ...gateway, sessionId: 's3', usage: { input: 10, output: 3 } })],
    },
    // one of 20 and 40, the greatest of its counts, and that of s3
    sums: [2, 30, 43, 0, 0],
  },
  {
    what: 'a reused id on main chain and sidechain: the prompt tells',
    files: {
      [claudePath('s1')]: [line({ usage: { input: 100 } }), line({ requestId: 'req_2', usage: { input: 200 } })],
      [claudePath('s1/subagents/agent-1')]: [
        line({ ...side, requestId: 'req_3', usage: { input: 200, output: 1 } }),
        line({ ...side, requestId: 'req_4', usage: { input: 400, output: 1 } }),
      ],
    },
    sums: [3, 700, 2, 0, 0],
  },
  {
    what: 'two request ids on the main chain, one of them on a sidechain too',
    files: {
      [claudePath('s1')]: [
        line({ requestId: 'req_b', usage: { input: 10, output: 5 } }),
        line({ requestId: 'req_a', usage: { input: 10, output: 6 } }),
      ],
      [claudePath('s1/subagents/agent-1')]: [line({ ...side, requestId: 'req_b', usage: { input: 10, output: 5 } })],
    },
    sums: [2, 20, 11, 0, 0],
  },
  {
    what: 'a resumed session: the same lines in another file',
    files: {
      [claudePath('s1')]: [claudeLine({ usage: { input: 10, output: 5 } })],
      [claudePath('s2', '-elsewhere')]: [claudeLine({ sessionId: 's2', usage: { input: 10, output: 5 } })],
    },
    sums: [1, 10, 5, 0, 0],
  },
  {
    what: 'no message id: the uuid',
    files: {
      [claudePath('s1')]: [
        line({ uuid: uuid(911), message: { id: undefined }, usage: { input: 10 } }),
        line({ uuid: uuid(912), message: { id: undefined }, usage: { input: 10 } }),
      ],
      [claudePath('s2')]: [
        line({ uuid: uuid(911), sessionId: 's2', message: { id: undefined }, usage: { input: 10 } }),
      ],
    },
    sums: [2, 20, 0, 0, 0],
  },
  {
    what: 'neither message id nor uuid: session, time, model and counts',
    files: {
      [claudePath('s1')]: [at(1), at(1), at(2)].map((timestamp) =>
        claudeLine({
          uuid: undefined,
          requestId: undefined,
          timestamp,
          message: { id: undefined },
          usage: { input: 10 },
        }),
      ),
    },
    sums: [2, 20, 0, 0, 0],
  },
  {
    what: 'lines that nobody was billed for',
    files: {
      [claudePath('s1')]: [
        line({ message: { id: 'x', model: '<synthetic>' }, usage: { input: 10 } }),
        {
          type: 'progress',
          uuid: uuid(921),
          data: {
            type: 'agent_progress',
            message: { message: { id: 'y', model: 'claude-opus-4-6', usage: { input_tokens: 10 } } },
          },
        },
        { ...line({ usage: { input: 10 } }), type: 'progress' },
        { type: 'summary', summary: 'x', leafUuid: uuid(1) },
      ],
      [claudePath('journal')]: [line({ usage: { input: 10 } })],
      '.claude/projects/-src-app/s1/subagents/workflows/wf_1/journal.jsonl': [line({ usage: { input: 10 } })],
    },
    sums: [0, 0, 0, 0, 0],
  },
  {
    what: 'lines with odd spacing, versions, nulls and missing fields',
    files: {
      [claudePath('s1')]:
        '{"type": "assistant", "timestamp": "2026-04-01T10:00:00Z", "sessionId": "s1", "requestId": "a", "message": {"id": "a", "model": "claude-opus-4-6", "usage": {"input_tokens": 1, "output_tokens": 1}}}\n' +
        '{"timestamp":"2026-04-01T10:00:00Z","version":"dev","requestId":null,"cwd":null,"message":{"id":"b","model":"claude-opus-4-6","usage":{"input_tokens":2,"cache_creation":null}}}\n' +
        '\n' +
        '{"type":"assistant","timestamp":"2026-04-01T10:00:00Z","message":{"id":"c","model":"claude-opus-4-6","usage":{"input_tokens":"4","output_tokens":-7}}}\r\n' +
        '{"type":"assistant","message":{"id":"d","model":"claude-opus-4-6","usage":{"output_tokens":8}}}',
    },
    sums: [4, 7, 9, 0, 0],
  },
  {
    what: 'cache writes: the greater of the flat count and its parts',
    files: {
      [claudePath('s1')]: [
        claudeLine({
          requestId: 'a',
          message: { id: 'a' },
          usage: {
            cache_creation_input_tokens: 50,
            cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
          },
        }),
        claudeLine({
          requestId: 'b',
          message: { id: 'b' },
          usage: {
            cache_creation_input_tokens: 0,
            cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
          },
        }),
        claudeLine({
          requestId: 'c',
          message: { id: 'c' },
          usage: { cache_creation_input_tokens: 7, cache_creation: undefined },
        }),
      ],
    },
    sums: [3, 0, 0, 0, 87],
  },
  {
    what: 'advisor calls are responses of another model, once each',
    files: {
      [claudePath('s1')]: [1, 2].map((block) =>
        line({
          uuid: uuid(930 + block),
          usage: {
            input: 10,
            output: 5,
            iterations: [
              { type: 'message', input_tokens: 10, output_tokens: 5 },
              {
                type: 'advisor_message',
                model: 'claude-opus-4-5',
                input_tokens: 800,
                output_tokens: 100,
                cache_read_input_tokens: 3,
                cache_creation_input_tokens: 4,
              },
              { type: 'advisor_message', model: 'claude-opus-4-5', input_tokens: 900, output_tokens: 200 },
            ],
          },
        }),
      ),
    },
    sums: [3, 1710, 305, 3, 4],
  },
  {
    what: 'a line without a request id, of a replay of a response in another session',
    files: {
      [claudePath('s1')]: [line({ requestId: 'r1', message: { id: 'm' }, usage: { input: 10, output: 1 } })],
      [claudePath('s2')]: ['r2', undefined].map((requestId) =>
        line({ ...side, sessionId: 's2', requestId, message: { id: 'm' }, usage: { input: 10, output: 1 } }),
      ),
    },
    sums: [1, 10, 1, 0, 0],
  },
  {
    what: 'an empty id is none: each line stands for itself',
    files: {
      [claudePath('s1')]: [1, 2, 2].map((second) =>
        line({ uuid: '', requestId: '', timestamp: at(second), message: { id: '' }, usage: { input: 1 } }),
      ),
      [claudePath('s2')]: [1, 2].map((input) =>
        line({ uuid: '', requestId: '', message: { id: 'm' }, usage: { input } }),
      ),
    },
    sums: [4, 5, 0, 0, 0],
  },
  {
    what: 'OpenClaw: entries without an id are told by their time and counts',
    files: {
      '.openclaw/agents/main/sessions/s.jsonl': [1, 2, 2].map((second) => ({
        type: 'message',
        timestamp: at(second),
        message: { role: 'assistant', provider: 'anthropic', model: 'claude-opus-4-6', usage: { input: 5 } },
      })),
    },
    sums: [2, 10, 0, 0, 0],
  },
  {
    what: 'a negative part of a cache write takes nothing from the other part',
    files: {
      [claudePath('s1')]: [line({ usage: { write5m: -5, write1h: 8, cache_creation_input_tokens: 0 } })],
    },
    sums: [1, 0, 0, 0, 8],
  },
  {
    what: 'what is too large for a count is none, and spoils no sum',
    files: {
      [claudePath('s1')]: [
        line({ usage: { input: 1, output: 9e18, read: 9e18, write5m: 9e18, write1h: 9e18 } }),
        line({ requestId: 'req_2', usage: { input: 2, iterations: 'no list of advisor_message' } }),
        line({
          requestId: 'req_3',
          usage: { input: 4, iterations: [{ type: 'advisor_message', input_tokens: 9e18, output_tokens: 8 }] },
        }),
        line({ requestId: 'req_4', usage: { read: 1_000_000_000_000, write5m: 1 } }),
        line({ requestId: 'req_5', usage: { read: 1_000_000_000_001, write5m: 1 } }),
      ],
    },
    sums: [6, 7, 8, 1_000_000_000_000, 2],
  },
  {
    what: 'OpenClaw: live, reset, deleted and imported copies of a session; no checkpoints, trajectories or backups',
    files: Object.fromEntries(
      [
        'main/sessions/s.jsonl',
        'main/sessions/s.jsonl.reset.2026-04-02T10-00-00.000Z',
        'main/sessions/s.jsonl.deleted.2026-04-02T10-00-00.000Z',
        'main/session-sqlite-import-archive/archive-tier.s.jsonl.imported-1788000000000',
        'main/sessions/s.checkpoint.11111111-2222-4333-8444-555555555555.jsonl',
        'main/sessions/s.trajectory.jsonl',
        'main/sessions/s.jsonl.bak.1',
        'research/sessions/other.jsonl',
      ].map((path) => [
        `.openclaw/agents/${path}`,
        [
          { type: 'session', version: 3, id: 's', timestamp: at(0), cwd: '/src/claw' },
          {
            type: 'message',
            id: 'e1',
            timestamp: at(1),
            message: {
              role: 'assistant',
              provider: 'anthropic',
              model: 'claude-sonnet-4-6',
              usage: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
            },
          },
          // copies that nobody was billed for: two names of a model, and a provider
          ...[
            ['anthropic', 'delivery-mirror'],
            ['anthropic', 'gateway-injected'],
            ['openclaw', 'claude-sonnet-4-6'],
          ].map(([provider, model]) => ({
            type: 'message',
            id: model,
            timestamp: at(2),
            message: { role: 'assistant', provider, model, usage: { input: 10, output: 20 } },
          })),
        ],
      ]),
    ),
    // once for each of the two agents
    sums: [2, 20, 40, 60, 80],
  },
];

describe('a response counts once', () => {
  it.concurrent.each(CASES)('$what', async ({ files, sums }) => {
    const { totals } = await ask(['daily'], { home: homeWith(files) });
    expect([
      totals.responses,
      totals.input_tokens,
      totals.output_tokens,
      totals.cache_read_tokens,
      totals.cache_write_tokens,
    ]).toEqual(sums);
  });
});

describe('where a response belongs', () => {
  const details = async (files: Record<string, readonly object[]>, columns: string) =>
    (await ask(['query', `select ${columns} from usage order by response_key`], { home: homeWith(files) })).rows;

  it('time and place come from the earliest line, text from the one with the most output', async () => {
    const rows = await details(
      {
        [claudePath('late')]: [
          claudeLine({
            sessionId: 'late',
            timestamp: '2026-04-02T00:00:10Z',
            cwd: '/b',
            gitBranch: 'late',
            message: { model: 'claude-opus-4-6' },
            usage: { output: 9, speed: 'fast' },
          }),
        ],
        [claudePath('early')]: [
          claudeLine({
            sessionId: 'early',
            timestamp: '2026-04-01T23:59:59Z',
            cwd: '/a',
            gitBranch: 'early',
            message: { model: 'claude-opus-4-5' },
            usage: { output: 1, speed: 'standard' },
          }),
        ],
      },
      'session_id, responded_at, cwd, git_branch, logged_model, speed, output_tokens, log_lines',
    );
    expect(rows).toEqual([
      {
        session_id: 'early',
        responded_at: '2026-04-01T23:59:59.000Z',
        cwd: '/a',
        git_branch: 'early',
        logged_model: 'claude-opus-4-6',
        speed: 'fast',
        output_tokens: 9,
        log_lines: 2,
      },
    ]);
  });

  it('a line without a model hides none, whatever else it has', async () => {
    const rows = await details(
      {
        [claudePath('s1')]: [
          claudeLine({ message: { model: undefined }, usage: { output: 9 } }),
          claudeLine({ usage: { output: 1 } }),
        ],
      },
      'model, output_tokens',
    );
    expect(rows).toEqual([{ model: 'claude-opus-4-6', output_tokens: 9 }]);
  });

  it('a time that no agent can have written is none, and a cost that is no amount of money neither', async () => {
    const unknown = (requestId: string, costUSD: unknown) =>
      claudeLine({ requestId, costUSD, timestamp: '2026-04-01T10:00:00Z', message: { model: 'northwind-1' } });
    const rows = await details(
      {
        [claudePath('s1')]: [
          { ...unknown('a', 2.5), timestamp: 'infinity' },
          { ...unknown('a2', 1.5), timestamp: '294247-01-10T04:00:54Z' },
          unknown('b', 1_000_000_000.01),
          unknown('b2', 1_000_000_000),
          unknown('c', 'NaN'),
          unknown('d', -1),
        ],
        '.openclaw/agents/main/sessions/s.jsonl': [
          {
            type: 'message',
            id: 'e',
            message: { role: 'assistant', model: 'northwind-1', timestamp: 1e30, usage: { input: 5 } },
          },
        ],
      },
      'response_key, responded_at is null as is_timeless, cost',
    );
    expect(rows.map(({ is_timeless, cost }) => [is_timeless, cost])).toEqual([
      [true, 2.5],
      [true, 1.5],
      [false, null],
      [false, 1_000_000_000],
      [false, null],
      [false, null],
      [true, null],
    ]);
  });

  it('of lines with as much output, text comes from one that names the speed, then from the latest', async () => {
    const said = (id: string, second: number, speed?: string): object =>
      claudeLine({ requestId: id, timestamp: at(second), message: { id }, usage: { output: 5, speed } });
    const rows = await details(
      { [claudePath('s1')]: [said('a', 1, 'fast'), said('a', 2), said('b', 1, 'fast'), said('b', 2, 'standard')] },
      'response_key, speed',
    );
    expect(rows).toEqual([
      { response_key: 'a:a', speed: 'fast' },
      { response_key: 'b:b', speed: 'standard' },
    ]);
  });

  it('at one time: the main chain, then what is no copy, then the smaller session id', async () => {
    const place = (session: string, more: object = {}) => ({
      [claudePath(session)]: [claudeLine({ sessionId: session, ...more })],
    });
    expect(await details({ ...place('a', { isSidechain: true }), ...place('b') }, 'session_id')).toEqual([
      { session_id: 'b' },
    ]);
    expect(await details({ ...place('a', { forkedFrom: { sessionId: 'b' } }), ...place('b') }, 'session_id')).toEqual([
      { session_id: 'b' },
    ]);
    expect(await details({ ...place('b'), ...place('a') }, 'session_id')).toEqual([{ session_id: 'a' }]);
  });

  it('names agents, and keeps subagents in the session of their parent', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine()],
      [claudePath('s1/subagents/agent-a1')]: [
        claudeLine({ requestId: 'r2', isSidechain: true, agentId: 'a1', message: { id: 'm2' } }),
      ],
      '.claude/projects/-src-app/s1/subagents/agent-a1.meta.json': '{"agentType":"Explore"}',
      [claudePath('agent-b2')]: [claudeLine({ requestId: 'r3', agentId: 'b2', message: { id: 'm3' } })],
      '.openclaw/agents/research/sessions/x.jsonl': [
        {
          type: 'message',
          id: 'e',
          timestamp: at(1),
          message: { role: 'assistant', provider: 'anthropic', model: 'claude-sonnet-4-6', usage: { input: 1 } },
        },
      ],
    });
    const { rows } = await ask(['query', 'select agent, agent_id, is_subagent, session_id from usage order by agent'], {
      home,
    });
    expect(rows).toEqual([
      { agent: 'Explore', agent_id: 'a1', is_subagent: true, session_id: 's1' },
      { agent: 'main', agent_id: null, is_subagent: false, session_id: 's1' },
      { agent: 'research', agent_id: 'research', is_subagent: false, session_id: 'x' },
      { agent: 'subagent', agent_id: 'b2', is_subagent: true, session_id: 's1' },
    ]);
  });

  it('a project is where its session began, named by the end of its path as far as needed', async () => {
    const session = (id: string, cwds: readonly string[]) => ({
      [claudePath(id)]: cwds.map((cwd, index) =>
        claudeLine({
          sessionId: id,
          requestId: `${id}${index}`,
          timestamp: at(index),
          cwd,
          message: { id: `${id}${index}` },
        }),
      ),
    });
    const home = homeWith({
      ...session('a', ['/job/api', '/job/api/src']),
      ...session('b', ['/play/api']),
      ...session('c', ['/job/web']),
      [claudePath('d', '-no-cwd-here')]: [
        claudeLine({ sessionId: 'd', requestId: 'd', cwd: undefined, message: { id: 'd' } }),
      ],
      '.openclaw/agents/main/sessions/x.jsonl': [
        { type: 'session', version: 3, id: 'x', timestamp: at(0), cwd: '/claw' },
        { type: 'model_change', id: 'c1', timestamp: at(0), provider: 'anthropic', modelId: 'claude-sonnet-4-6' },
        { type: 'message', id: 'e', timestamp: at(1), message: { role: 'assistant', usage: { input: 1_000_000 } } },
      ],
    });
    const { rows } = await ask(['projects'], { home });
    expect(rows.map((row) => [row.project, row.project_path, row.responses]).sort()).toEqual([
      ['-no-cwd-here', '-no-cwd-here', 1],
      ['claw', '/claw', 1],
      ['job/api', '/job/api', 2],
      ['play/api', '/play/api', 1],
      ['web', '/job/web', 1],
    ]);
    const { rows: ends } = await ask(['daily', '--project', 'api'], { home });
    expect(ends[0]).toMatchObject({ responses: 3 });
    // whole names of folders: api does not end in pi
    expect((await ask(['daily', '--project', 'pi'], { home })).rows).toEqual([]);
    // the model of an entry that names none is the one chosen above it
    const { rows: chosen } = await ask(['models', '--source', 'openclaw'], { home });
    expect(chosen).toMatchObject([{ model: 'claude-sonnet-4-6', cost: 3 }]);
  });

  it('a model that was chosen is that of its own moment, and of those before the next choice', async () => {
    const choice = (second: number, modelId: string): object => ({
      type: 'model_change',
      id: `choice-${second}`,
      timestamp: at(second),
      provider: 'anthropic',
      modelId,
    });
    const entry = (second: number): object => ({
      type: 'message',
      id: `entry-${second}`,
      timestamp: at(second),
      message: { role: 'assistant', usage: { input: 1 } },
    });
    const rows = await details(
      {
        '.openclaw/agents/main/sessions/x.jsonl': [
          entry(1),
          choice(2, 'claude-opus-4-6'),
          entry(2),
          entry(3),
          choice(4, 'claude-sonnet-4-6'),
          entry(4),
        ],
      },
      'responded_at, model',
    );
    expect(rows.map(({ model }) => model)).toEqual([null, 'claude-opus-4-6', 'claude-opus-4-6', 'claude-sonnet-4-6']);
  });

  it('sessions of two sources are two, even under one id', async () => {
    const home = homeWith({
      [claudePath('x')]: [claudeLine({ sessionId: 'x', timestamp: at(0), usage: { input: 1_000_000 } })],
      '.openclaw/agents/main/sessions/x.jsonl': [
        {
          type: 'message',
          id: 'e',
          timestamp: at(1),
          message: {
            role: 'assistant',
            provider: 'anthropic',
            model: 'claude-sonnet-4-6',
            usage: { input: 1_000_000 },
          },
        },
      ],
    });
    const there = { home, env: { CLAWTRACE_NOW: '2026-04-01T10:00:02Z' } };
    // a million of input is $5 of the one model, $3 of the other
    expect((await ask(['daily'], there)).rows).toMatchObject([{ sessions: 2, cost: 8 }]);
    expect((await ask(['summary'], there)).rows[0]).toMatchObject({ period: 'all time', sessions: 2 });
    expect((await ask(['status'], there)).session_count).toBe(2);
    const { rows } = await ask(['sessions'], there);
    expect(rows.map(({ source, cost }) => [source, cost]).sort()).toEqual([
      ['claude_code', 5],
      ['openclaw', 3],
    ]);
    // neither alone is above $5.50
    expect((await ask(['alerts', '--session-spike-usd', '5.5', '--hourly-burn-rate-usd', '9'], there)).rows).toEqual(
      [],
    );
  });
});
