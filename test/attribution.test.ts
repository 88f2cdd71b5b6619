import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  spawnClawtrace,
  temporaryFolder,
  writeFile,
  type Answer,
  type Usage,
} from './helpers.ts';

const AGENT = '.openclaw/agents/main';
const SESSIONS = `${AGENT}/sessions`;

/** A session of OpenClaw with one response of a million uncached input tokens: $3 of claude-sonnet-4-6. */
const chat = (id: string, time = '2026-04-01T10:00:00.000Z'): object[] => [
  { type: 'session', version: 3, id, timestamp: time, cwd: '/src/claw' },
  {
    type: 'message',
    id: `entry-${id}`,
    timestamp: time,
    message: {
      role: 'assistant',
      provider: 'anthropic',
      model: 'claude-sonnet-4-6',
      content: [{ type: 'text', text: 'the secret of the house' }],
      usage: { input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 },
    },
  },
];

const run = (more: object): object => ({
  action: 'finished',
  status: 'ok',
  runAtMs: Date.parse('2026-04-01T10:00:00Z'),
  ts: Date.parse('2026-04-01T10:01:00Z'),
  durationMs: 60_000,
  usage: { input_tokens: 1_000_000, output_tokens: 0, total_tokens: 1_000_000 },
  ...more,
});

/** kind and name of each row, with its responses and cost. */
const kinds = ({ rows }: Answer): Record<string, [number, number]> =>
  Object.fromEntries(rows.map((row) => [[row.kind, row.name].filter(Boolean).join(' '), [row.responses, row.cost]]));

describe('triggers', () => {
  it('tells the kind of a session by its key, and leaves what no index names unknown', async () => {
    const home = homeWith({
      [`${SESSIONS}/a1.jsonl`]: chat('a1'),
      [`${SESSIONS}/a0.jsonl.reset.2026-03-01T00-00-00.000Z`]: chat('a0'),
      [`${SESSIONS}/b1.jsonl`]: chat('b1'),
      [`${SESSIONS}/c1.jsonl`]: chat('c1'),
      [`${SESSIONS}/d1.jsonl`]: chat('d1'),
      [`${SESSIONS}/d1-topic-7.jsonl`]: chat('d1', '2026-04-01T11:00:00.000Z'),
      [`${SESSIONS}/e1.jsonl`]: chat('e1'),
      [`${SESSIONS}/f1.jsonl`]: chat('f1'),
      [`${SESSIONS}/g1.jsonl`]: chat('g1'),
      [`${SESSIONS}/h1.jsonl.deleted.2026-03-01T00-00-00.000Z`]: chat('h1'),
      [`${SESSIONS}/i1.jsonl.deleted.2026-03-01T00-00-00.000Z`]: chat('i1'),
      [`${SESSIONS}/sessions.json`]: JSON.stringify({
        'agent:main:main': { sessionId: 'a1', usageFamilySessionIds: ['a0', 'a1'] },
        'agent:main:cron:job-1': { sessionId: 'b1' },
        'agent:main:cron:job-1:run:b1': { sessionId: 'b1' },
        'agent:main:subagent:77': { sessionId: 'c1' },
        'agent:main:telegram:group:-100': { sessionId: 'd1', channel: 'telegram' },
        'agent:main:main:heartbeat': { sessionId: 'e1', heartbeatIsolatedBaseSessionKey: 'agent:main:main' },
        'agent:main:alerts:heartbeat': { sessionId: 'f1' },
        'agent:main:whatsapp:home:direct:+4915112345678': { sessionId: 'g1' },
      }),
      '.openclaw/cron/jobs.json': JSON.stringify({ jobs: [{ id: 'job-1', name: 'Morning brief', payload: {} }] }),
      '.openclaw/cron/runs/job-1.jsonl': [
        run({ jobId: 'job-1', sessionId: 'b1', sessionKey: 'agent:main:cron:job-1:run:b1' }),
        run({
          jobId: 'job-1',
          sessionId: 'h1',
          sessionKey: 'agent:main:cron:job-1:run:h1',
          status: 'error',
          runAtMs: 1,
        }),
      ],
    });
    const answer = await ask(['triggers'], { home });
    // twelve responses of $3; a1 and a0 are main, b1 and h1 the job, d1 and its topic one channel
    expect(kinds(answer)).toEqual({
      main: [2, 6],
      'cron Morning brief': [2, 6],
      subagent: [1, 3],
      'channel telegram': [2, 6],
      'channel whatsapp': [1, 3],
      heartbeat: [1, 3],
      custom: [1, 3],
      '': [1, 3],
    });
    const cron = answer.rows.find(({ kind }) => kind === 'cron');
    expect(cron).toMatchObject({ runs: 2, failed_runs: 1, last_status: 'ok', sessions: 2 });
    expect(answer.totals).toEqual((await ask(['daily'], { home })).totals);
    const { stdout } = await clawtrace(['triggers', '--json', '--breakdown=agent'], { home });
    expect(stdout).not.toMatch(/secret|4915112345678|-100/);
  });

  it('believes a key whose session it is now, before one that had it, before the log of a job', async () => {
    const home = homeWith({
      [`${SESSIONS}/a1.jsonl`]: chat('a1'),
      [`${SESSIONS}/b1.jsonl`]: chat('b1'),
      [`${SESSIONS}/c1.jsonl`]: chat('c1'),
      [`${SESSIONS}/sessions.json`]: JSON.stringify({
        // the shorter key, which would be taken of two that know a session alike
        'agent:main:main': { sessionId: 'a1', usageFamilySessionIds: ['a1', 'b1'] },
        'agent:main:telegram:group:-100': { sessionId: 'b1', channel: 'telegram', previousSessionId: 'c1' },
      }),
      '.openclaw/cron/runs/job-1.jsonl': [run({ jobId: 'job-1', sessionId: 'c1' })],
    });
    expect(kinds(await ask(['triggers'], { home }))).toEqual({ main: [1, 3], 'channel telegram': [2, 6] });
  });

  it('tells each kind of key that OpenClaw writes, and the channel and the job in it', async () => {
    const keys: Record<string, [kind: string, channel?: string | null, job?: string]> = {
      'agent:main:main': ['main'],
      global: ['main'],
      'agent:main:cron:job-1': ['cron', null, 'job-1'],
      'agent:main:cron:job-2:run:7': ['cron', null, 'job-2'],
      'agent:main:subagent:77': ['subagent'],
      'agent:main:cron:job-1:subagent:78': ['subagent'],
      'agent:main:hook:mail': ['hook'],
      'agent:main:acp:1': ['acp'],
      'agent:main:harness:1': ['harness'],
      'agent:main:voice:1': ['voice'],
      'agent:main:dashboard:1': ['dashboard'],
      'agent:main:explicit:1': ['explicit'],
      'agent:main:tui-1': ['tui'],
      'agent:main:dreaming-narrative-1': ['dreaming'],
      'agent:main:boot': ['system'],
      'agent:main:commitments:1': ['system'],
      'agent:main:internal-session-effects:1': ['system'],
      'agent:main:direct:1': ['channel'],
      'agent:main:dm:1': ['channel'],
      ...Object.fromEntries(
        ['direct', 'dm', 'group', 'channel', 'room', 'thread', 'topic'].map((where, index) => [
          `agent:main:Chat${index}:${where}:1`,
          ['channel', `chat${index}`] as [string, string],
        ]),
      ),
      'agent:main:signal:home:group:1': ['channel', 'signal'],
      // a key of the user's own may begin like any other
      'agent:main:cron': ['custom'],
      'agent:main:dashboard': ['custom'],
      'agent:main:mine': ['custom'],
    };
    const index = Object.keys(keys).map((key) => [key, { sessionId: key }]);
    const home = homeWith({
      [`${SESSIONS}/a1.jsonl`]: chat('a1'),
      [`${SESSIONS}/sessions.json`]: JSON.stringify({
        ...Object.fromEntries(index),
        'agent:main:nightly': { sessionId: 'by cron', createdVia: 'cron' },
        'agent:main:lobby': { sessionId: 'by channel', createdVia: 'channel', channel: 'slack' },
        'agent:main:helper': { sessionId: 'by spawn', createdVia: 'spawn' },
        'agent:main:chosen': { sessionId: 'by operator', createdVia: 'operator' },
      }),
    });
    const { rows } = await ask(['query', 'from session_kinds'], { home });
    expect(Object.fromEntries(rows.map((row) => [row.session_id, [row.kind, row.channel, row.job_id]]))).toEqual({
      ...Object.fromEntries(
        Object.entries(keys).map(([key, [kind, channel = null, job = null]]) => [key, [kind, channel, job]]),
      ),
      'by cron': ['cron', null, null],
      'by channel': ['channel', 'slack', null],
      'by spawn': ['subagent', null, null],
      'by operator': ['custom', null, null],
    });
  });

  it('counts the runs of a job that started within the window', async () => {
    const started = (time: string | undefined, status: string): object =>
      run({ jobId: 'job-1', sessionId: 'b1', status, runAtMs: time && Date.parse(time) });
    const home = homeWith({
      [`${SESSIONS}/b1.jsonl`]: chat('b1', '2026-04-02T10:00:00.000Z'),
      '.openclaw/cron/runs/job-1.jsonl': [
        started('2026-04-01T23:59:59.999Z', 'ok'),
        started('2026-04-03T23:59:59.999Z', 'error'),
        started('2026-04-02T00:00:00.000Z', 'ok'),
        started('2026-04-02T01:00:00.000Z', 'skipped'),
        started('2026-04-04T00:00:00.000Z', 'ok'),
        started(undefined, 'ok'),
      ],
    });
    const window = ['--since', '2026-04-02', '--until', '2026-04-03', '-z', 'UTC'];
    expect((await ask(['triggers', ...window], { home })).rows).toMatchObject([
      {
        kind: 'cron',
        name: 'job-1',
        runs: 3,
        failed_runs: 2,
        last_status: 'error',
        last_run_at: '2026-04-03T23:59:59.999Z',
      },
    ]);
    expect((await ask(['triggers'], { home })).rows).toMatchObject([{ runs: 6, failed_runs: 2, last_status: 'ok' }]);
  });

  it('never adds what the log of a job says to what its sessions say', async () => {
    const files = { [`${SESSIONS}/b1.jsonl`]: chat('b1') };
    const runs = [run({ jobId: 'job-1', sessionId: 'b1' }), run({ jobId: 'job-1', sessionId: 'gone' })];
    const alone = await ask(['triggers'], { home: homeWith(files) });
    const beside = await ask(['triggers'], { home: homeWith({ ...files, '.openclaw/cron/runs/job-1.jsonl': runs }) });
    expect(kinds(alone)).toEqual({ '': [1, 3] });
    expect(kinds(beside)).toEqual({ 'cron job-1': [1, 3] });
    expect(beside.totals).toEqual(alone.totals);
    expect(beside.rows[0]).toMatchObject({ runs: 2 });
  });

  it('a run that names no key is of the agent of its job', async () => {
    const home = homeWith({
      '.openclaw/agents/research/sessions/b1.jsonl': chat('b1'),
      '.openclaw/cron/runs/job-1.jsonl': [run({ jobId: 'job-1', sessionId: 'b1' })],
      '.openclaw/cron/jobs.json': JSON.stringify({ jobs: [{ id: 'job-1', agentId: 'research' }] }),
    });
    expect(kinds(await ask(['triggers'], { home }))).toEqual({ 'cron job-1': [1, 3] });
  });

  it('a run in the main session is no session of the job', async () => {
    const home = homeWith({
      [`${SESSIONS}/a1.jsonl`]: chat('a1'),
      '.openclaw/cron/runs/job-1.jsonl': [run({ jobId: 'job-1', sessionId: 'a1', sessionKey: 'agent:main:main' })],
    });
    expect(kinds(await ask(['triggers'], { home }))).toEqual({ main: [1, 3] });
  });

  it('an index that is half written, and lines that are no JSON, say nothing', async () => {
    const home = homeWith({
      [`${SESSIONS}/a1.jsonl`]: chat('a1'),
      [`${SESSIONS}/sessions.json`]: '{"agent:main:main": {"sessionId": "a1"',
      '.openclaw/cron/runs/job-1.jsonl': '{"jobId":\n[]\nnull\n{"action":"finished"}\n',
      '.openclaw/cron/jobs.json': '[]',
    });
    expect(kinds(await ask(['triggers'], { home }))).toEqual({ '': [1, 3] });
  });

  it('knows the sessions of the database, reset ones too', async () => {
    const home = temporaryFolder();
    const path = join(home, AGENT, 'agent', 'openclaw-agent.sqlite');
    mkdirSync(dirname(path), { recursive: true });
    const database = new Database(path);
    database.exec(`
      create table transcript_events (session_id text, seq integer, event_json text, created_at integer);
      create table session_nodes (session_key text primary key, current_session_id text, entry_json text,
        created_via text);
      create table session_windows (session_id text primary key, session_key text, channel text);
      insert into session_nodes values ('agent:main:main', 'a1', '{}', 'operator'),
        ('agent:main:night', 'b1', '{}', 'cron'), ('agent:main:discord:channel:9', 'c1', '{}', 'channel'),
        ('agent:main:main:heartbeat', 'd1', '{"heartbeatIsolatedBaseSessionKey":"agent:main:main"}', 'internal');
      insert into session_windows values ('a1', 'agent:main:main', null), ('a0', 'agent:main:main', null),
        ('b1', 'agent:main:night', null), ('c1', 'agent:main:discord:channel:9', 'discord'),
        ('d1', 'agent:main:main:heartbeat', null);`);
    for (const id of ['a1', 'a0', 'b1', 'c1', 'd1', 'e1'])
      for (const [seq, event] of chat(id).entries())
        database.exec(`insert into transcript_events values ('${id}', ${seq}, '${JSON.stringify(event)}', 0)`);
    database.close();
    const answer = await ask(['triggers'], { home });
    expect(kinds(answer)).toEqual({
      main: [2, 6],
      cron: [1, 3],
      'channel discord': [1, 3],
      heartbeat: [1, 3],
      '': [1, 3],
    });
    expect(answer.totals).toEqual((await ask(['daily'], { home })).totals);
  });

  it("tells Claude Code's subagents from its main sessions", async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 1_000_000 } })],
      '.claude/projects/-src-app/s1/subagents/agent-x1.jsonl': [
        claudeLine({
          requestId: 'req_2',
          uuid: 'u2',
          isSidechain: true,
          agentId: 'x1',
          message: { id: 'msg_2' },
          usage: { input: 200_000 },
        }),
      ],
      '.claude/projects/-src-app/s1/subagents/agent-x1.meta.json': JSON.stringify({ agentType: 'Explore' }),
    });
    // claude-opus-4-6: $5 a million, all counted; 200,000 tokens are $1
    expect(kinds(await ask(['triggers'], { home }))).toEqual({ main: [1, 5], 'subagent Explore': [1, 1] });
  });
});

describe('current', () => {
  const now = { CLAWTRACE_NOW: '2026-04-01T12:00:00Z' };

  it('shows the sessions of the last ten minutes, and what is locked', async () => {
    const home = homeWith({
      [`${SESSIONS}/old.jsonl`]: chat('old', '2026-04-01T08:00:00.000Z'),
      [`${SESSIONS}/open.jsonl`]: chat('open', '2026-04-01T09:00:00.000Z'),
      [`${SESSIONS}/open.jsonl.lock`]: '{"pid":1}',
      [claudePath('s1')]: [
        claudeLine({ timestamp: '2026-04-01T11:20:00.000Z', usage: { input: 1_000_000, output: 200_000 } }),
        claudeLine({
          timestamp: '2026-04-01T11:50:00.000Z',
          requestId: 'req_2',
          uuid: 'u2',
          message: { id: 'msg_2' },
          usage: { input: 10_000, read: 200_000, write1h: 40_000 },
        }),
        claudeLine({
          timestamp: '2026-04-01T11:51:00.000Z',
          requestId: 'req_3',
          uuid: 'u3',
          isSidechain: true,
          agentId: 'x',
          message: { id: 'msg_3' },
          usage: { input: 77 },
        }),
      ],
    });
    const { rows } = await ask(['current'], { home, env: now });
    expect(rows.map(({ session_id, is_running }) => [session_id, is_running])).toEqual([
      ['s1', true],
      ['open', true],
    ]);
    // opus-4-6 $5 / $25 / $0.50 / 1h $10 a million: 5 + 5, then 0.05 + 0.1 + 0.4, then 77 tokens
    // the context is 10,000 + 200,000 + 40,000 of the million that the model takes since March
    expect(rows[0]).toMatchObject({
      message_count: 3,
      models_used: 'claude-opus-4-6',
      agent: 'main',
      started_at: '2026-04-01T11:20:00.000Z',
      last_at: '2026-04-01T11:51:00.000Z',
      duration_minutes: 31,
      cost: 10.550385,
      context_tokens: 250_000,
      context_window: 1_000_000,
      context_share: 25,
      warning: true,
      token_warning: true,
    });
    expect(rows[1]).toMatchObject({ cost: 3, warning: false });
    expect(rows[1]!.locked_at).toBeTruthy();
    const patient = await ask(['current', '--minutes', '240', '--cost-warning', '2.5'], { home, env: now });
    expect(patient.rows.map(({ session_id }) => session_id)).toEqual(['s1', 'open', 'old']);
    expect(patient.rows.map(({ warning }) => warning)).toEqual([true, true, true]);
  });

  it('warns from a limit on, and takes the context window of the moment', async () => {
    const session = (sessionId: string, usage: Usage, timestamp = '2026-03-12T23:59:00.000Z'): object =>
      claudeLine({ sessionId, timestamp, requestId: sessionId, message: { id: sessionId }, usage });
    const home = homeWith({
      [claudePath('all')]: [
        session('a', { output: 200_000 }), // $5
        session('b', { input: 100_000, output: 179_999 }), // 0.5 + 4.499975
        session('c', { input: 99_999 }),
        session('later', { input: 1 }, '2026-03-13T00:00:00.001Z'),
      ],
    });
    const shown = async (time: string): Promise<unknown[]> =>
      (await ask(['current'], { home, env: { CLAWTRACE_NOW: time } })).rows.map((row) => [
        row.session_id,
        row.cost,
        row.warning,
        row.context_tokens,
        row.token_warning,
        row.context_window,
        row.context_share,
      ]);
    // claude-opus-4-6 took 200,000 tokens at list price until 2026-03-13, and takes a million since
    expect(await shown('2026-03-12T23:59:59Z')).toEqual([
      ['a', 5, true, 0, false, 200_000, 0],
      ['b', 4.999975, false, 100_000, true, 200_000, 50],
      ['c', 0.499995, false, 99_999, false, 200_000, 50],
    ]);
    expect(await shown('2026-03-13T00:00:00Z')).toEqual([
      ['a', 5, true, 0, false, 1_000_000, 0],
      ['b', 4.999975, false, 100_000, true, 1_000_000, 10],
      ['c', 0.499995, false, 99_999, false, 1_000_000, 10],
    ]);
  });

  it('shows the last session where none runs, and no share of an unknown window', async () => {
    const line = claudeLine({ message: { model: 'claude-opus-4-99' }, usage: { input: 50 } });
    const home = homeWith({
      [claudePath('s1')]: [line],
      [`${SESSIONS}/old.jsonl`]: chat('old', '2026-03-01T08:00:00.000Z'),
    });
    const { rows } = await ask(['current'], { home, env: now });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      session_id: 's1',
      is_running: false,
      cost: null,
      unpriced_responses: 1,
      context_tokens: 50,
      context_window: null,
      context_share: null,
      warning: false,
    });
  });
});

/** A real repository, every commit with its time. */
class Repository {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
  }

  git(...args: string[]): string {
    return this.at('2026-04-01T00:00:00Z', ...args);
  }

  at(time: string, ...args: string[]): string {
    const env = {
      ...process.env,
      GIT_AUTHOR_DATE: time,
      GIT_COMMITTER_DATE: time,
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@example.com',
      GIT_CONFIG_GLOBAL: join(this.folder, 'none'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
    return execFileSync('git', ['-c', 'commit.gpgsign=false', ...args], {
      cwd: this.folder,
      env,
      encoding: 'utf8',
    }).trim();
  }

  /** Returns the hash. */
  commit(time: string, subject: string): string {
    this.at(time, 'commit', '--quiet', '--allow-empty', '-m', subject);
    return this.git('rev-parse', 'HEAD');
  }
}

/** Names, bytes and times of all files in a folder. */
function stateOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).sort().map((name) => {
    const stat = statSync(join(folder, name));
    const content = stat.isFile()
      ? createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')
      : '';
    return `${name} ${stat.mtimeMs} ${content}`;
  });
}

let lineNumber = 0;

/** A response of so many dollars: claude-opus-4-6 is $5 a million. */
function response(cwd: string, time: string, dollars: number, gitBranch = 'main'): object {
  const number = ++lineNumber;
  return claudeLine({
    cwd,
    gitBranch,
    timestamp: time,
    requestId: `req_${number}`,
    uuid: `uuid-${number}`,
    message: { id: `msg_${number}` },
    usage: { input: dollars * 200_000 },
  });
}

describe('commits', () => {
  const byChange = ({ rows }: Answer): Record<string, number> =>
    Object.fromEntries(rows.map((row) => [row.change === 'unattributed' ? row.subject : row.change, row.cost]));

  it('gives each response to the first commit after it, on its branch where git knows that, and writes nothing', async () => {
    const home = temporaryFolder();
    const folder = join(realpathSync.native(temporaryFolder()), 'shop');
    const repository = new Repository(folder);
    const first = repository.commit('2026-04-01T10:00:00Z', 'First');
    repository.git('checkout', '--quiet', '-b', 'feat/x');
    const x1 = repository.commit('2026-04-01T12:00:00Z', 'x1');
    const x2 = repository.commit('2026-04-01T13:00:00Z', 'x2');
    repository.git('checkout', '--quiet', 'main');
    const second = repository.commit('2026-04-01T12:30:00Z', `Second\u0007${'y'.repeat(200)}`);
    repository.at(
      '2026-04-01T14:00:00Z',
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      'Merge pull request #12 from dana/feat/x',
      'feat/x',
    );
    const merge = repository.git('rev-parse', 'HEAD');
    repository.git('branch', '--quiet', '-d', 'feat/x');
    const squash = repository.commit('2026-04-02T09:00:00Z', 'Add search (#13)');
    const worktree = join(dirname(folder), 'shop-wt');
    repository.git('worktree', 'add', '--quiet', '-b', 'feat/y', worktree);
    const y1 = repository.at('2026-04-02T10:00:00Z', '-C', worktree, 'commit', '--quiet', '--allow-empty', '-m', 'y1');
    expect(y1).toBe('');
    const yHash = repository.git('rev-parse', 'feat/y');
    mkdirSync(join(folder, 'src'));
    writeFile(join(home, claudePath('s1')), [
      response(folder, '2026-04-01T09:00:00.000Z', 1), // first
      response(folder, '2026-04-01T10:00:00.900Z', 2), // the second that the first was made in
      response(join(folder, 'src'), '2026-04-01T11:00:00.000Z', 4), // main: second, though x1 is nearer
      response(folder, '2026-04-01T11:00:00.000Z', 8, 'feat/x'), // a branch that is gone, named by the merge: x1
      response(folder, '2026-04-01T12:10:00.000Z', 16, 'feat/x'), // x2
      response(folder, '2026-04-01T13:30:00.000Z', 32), // main: the merge
      response(folder, '2026-04-02T08:00:00.000Z', 64, 'feat/gone'), // unknown branch: any, the squash
      response(worktree, '2026-04-02T09:30:00.000Z', 128, 'feat/y'), // a worktree: y1
      response(join(folder, '.claude', 'worktrees', 'gone'), '2026-04-02T08:59:00.000Z', 256, 'main'), // squash
      response(folder, '2026-03-30T09:00:00.000Z', 512), // more than a day before the first
      response(folder, '2026-04-03T09:00:00.000Z', 1024), // after the last
      response('/nowhere/at/all', '2026-04-01T09:00:00.000Z', 2048),
    ]);
    const before = [stateOf(home), stateOf(dirname(folder))];
    const answer = await ask(['commits'], { home });
    const short = (hash: string): string => hash.slice(0, 8);
    expect(byChange(answer)).toEqual({
      [short(first)]: 3,
      [short(second)]: 4,
      [short(x1)]: 8,
      [short(x2)]: 16,
      [short(merge)]: 32,
      [short(squash)]: 320,
      [short(yHash)]: 128,
      'no commit within 24 hours': 1536,
      'no repository on this disk': 2048,
    });
    const subject = answer.rows.find(({ change }) => change === short(second))!.subject as string;
    expect(subject).toMatch(/^Second y+…$/);
    expect(subject).toHaveLength(100);
    expect(answer.rows.find(({ change }) => change === short(x2))!.made_at).toBe('2026-04-01T13:00:00.000Z');
    const pulls = await ask(['commits', '--by', 'pull-request'], { home });
    // #12 is x1, x2 and the merge: 8 + 16 + 32; no pull request: first, second and y1: 3 + 4 + 128
    expect(byChange(pulls)).toEqual({
      '#12': 56,
      '#13': 320,
      'no pull request': 135,
      'no commit within 24 hours': 1536,
      'no repository on this disk': 2048,
    });
    expect(pulls.rows.find(({ change }) => change === '#12')).toMatchObject({
      commits: 3,
      made_at: '2026-04-01T14:00:00.000Z',
      pull_request: 12,
      repository: 'shop',
    });
    // 49 hours after the response comes the first commit
    const patient = await ask(['commits', '--hours', '49'], { home });
    expect(byChange(patient)).toMatchObject({ [short(first)]: 515, 'no commit within 49 hours': 1024 });
    const { totals } = await ask(['daily'], { home });
    for (const each of [answer, pulls, patient]) expect(each.totals).toEqual(totals);
    expect([stateOf(home), stateOf(dirname(folder))]).toEqual(before);
  });

  it('a pull request that was merged into another one keeps its commits, and merges of main bring none', async () => {
    const home = temporaryFolder();
    const folder = realpathSync.native(temporaryFolder());
    const repository = new Repository(folder);
    repository.commit('2026-04-01T01:00:00Z', 'base');
    repository.git('checkout', '--quiet', '-b', 'outer');
    repository.commit('2026-04-01T02:00:00Z', 'outer 1');
    repository.git('checkout', '--quiet', '-b', 'inner');
    repository.commit('2026-04-01T03:00:00Z', 'inner 1');
    repository.git('checkout', '--quiet', 'outer');
    repository.at(
      '2026-04-01T04:00:00Z',
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      'Merge pull request #2 from dana/inner',
      'inner',
    );
    repository.git('checkout', '--quiet', 'main');
    repository.commit('2026-04-01T05:00:00Z', 'on main');
    repository.git('checkout', '--quiet', 'outer');
    repository.at(
      '2026-04-01T06:00:00Z',
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      "Merge branch 'main' into outer",
      'main',
    );
    repository.git('checkout', '--quiet', 'main');
    repository.at(
      '2026-04-01T07:00:00Z',
      'merge',
      '--quiet',
      '--no-ff',
      '-m',
      'Merge pull request #1 from dana/outer',
      'outer',
    );
    writeFile(join(home, claudePath('s1')), [
      response(folder, '2026-04-01T01:30:00.000Z', 1, 'outer'), // outer 1
      response(folder, '2026-04-01T02:30:00.000Z', 2, 'inner'), // inner 1
      response(folder, '2026-04-01T03:30:00.000Z', 4, 'outer'), // merge of #2
      response(folder, '2026-04-01T04:30:00.000Z', 8, 'main'), // on main
      response(folder, '2026-04-01T05:30:00.000Z', 16, 'outer'), // merge of main
      response(folder, '2026-04-01T06:30:00.000Z', 32, 'main'), // merge of #1
    ]);
    const { rows } = await ask(['commits', '--by=pull-request'], { home });
    // the merge of #2 is itself a commit of #1's branch, and names #2
    expect(Object.fromEntries(rows.map(({ change, cost }) => [change, cost]))).toEqual({
      '#1': 1 + 16 + 32,
      '#2': 2 + 4,
      'no pull request': 8,
    });
  });

  it('finds a commit that a clock running late wrote before the first response', async () => {
    const home = temporaryFolder();
    const folder = realpathSync.native(temporaryFolder());
    const repository = new Repository(folder);
    // made at 12:00; the machine that rebased it thought it was 11:00, half an hour before the response
    repository.at(
      '2026-04-01T11:00:00Z',
      'commit',
      '--quiet',
      '--allow-empty',
      '--date=2026-04-01T12:00:00Z',
      '-m',
      'rebased',
    );
    const rebased = repository.git('rev-parse', 'HEAD');
    writeFile(join(home, claudePath('s1')), [response(folder, '2026-04-01T11:30:00.000Z', 1)]);
    expect(byChange(await ask(['commits'], { home }))).toEqual({ [rebased.slice(0, 8)]: 1 });
  });

  it('without git, or with a repository that git refuses, nothing is attributed and nothing fails', async () => {
    const home = temporaryFolder();
    const folder = realpathSync.native(temporaryFolder());
    const repository = new Repository(folder);
    repository.commit('2026-04-01T10:00:00Z', 'First');
    writeFile(join(home, claudePath('s1')), [response(folder, '2026-04-01T09:00:00.000Z', 1)]);
    const noPath = { PATH: temporaryFolder(), Path: temporaryFolder() };
    const { stdout } = await spawnClawtrace(['commits', '--json'], { home, env: noPath });
    expect(byChange(JSON.parse(stdout) as Answer)).toEqual({ 'no repository on this disk': 1 });
    rmSync(join(folder, '.git', 'HEAD'));
    expect(byChange(await ask(['commits'], { home }))).toEqual({ 'no repository on this disk': 1 });
  });

  it('is not led astray by the variables of a git hook', async () => {
    const home = temporaryFolder();
    const folder = realpathSync.native(temporaryFolder());
    const repository = new Repository(folder);
    const first = repository.commit('2026-04-01T10:00:00Z', 'First');
    const other = new Repository(realpathSync.native(temporaryFolder()));
    writeFile(join(home, claudePath('s1')), [response(folder, '2026-04-01T09:00:00.000Z', 1)]);
    const env = { GIT_DIR: join(other.folder, '.git') };
    const { stdout } = await spawnClawtrace(['commits', '--json'], { home, env });
    expect(byChange(JSON.parse(stdout) as Answer)).toEqual({ [first.slice(0, 8)]: 1 });
  });
});

describe('branches', () => {
  it('no branch is one row, whether the log names none, an empty one or a detached HEAD', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('/src/app', '2026-04-01T10:00:00.000Z', 1, ''),
        response('/src/app', '2026-04-01T10:00:01.000Z', 2, 'HEAD'),
        claudeLine({
          gitBranch: undefined,
          requestId: 'r',
          uuid: 'u',
          message: { id: 'm' },
          usage: { input: 800_000 },
        }),
        response('/src/app', '2026-04-01T10:00:02.000Z', 8, 'HEADER'),
      ],
    });
    const { rows } = await ask(['branches'], { home });
    expect(rows.map(({ branch, cost }) => [branch, cost])).toEqual([
      ['HEADER', 8],
      [null, 7],
    ]);
  });
});
