import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kindsIn } from '../src/files/disks.ts';
import { literalPath, pathOfPattern } from '../src/files/literal-path.ts';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  homeWith,
  lines,
  spawnClawtrace,
  temporaryFolder,
  writeFile,
  zstdFrame,
} from './helpers.ts';

const response = (id: string, more: object = {}): object =>
  claudeLine({ requestId: id, message: { id }, usage: { input: 1 }, ...more });
const entry = (id: string): object => ({
  type: 'message',
  id,
  timestamp: '2026-04-01T10:00:00.000Z',
  message: { role: 'assistant', provider: 'anthropic', model: 'claude-sonnet-4-6', usage: { input: 1 } },
});

async function found(home: string, env: Record<string, string> = {}, args: readonly string[] = []): Promise<string[]> {
  const { rows } = await ask(['query', 'select response_key from usage order by 1', ...args], { home, env });
  return rows.map((row) => row.response_key.split(':').at(row.response_key.startsWith('main:') ? 1 : 0));
}

describe('the usual folders', () => {
  it('of Claude Code are all read, and CLAUDE_CONFIG_DIR replaces them', async () => {
    const home = homeWith({
      [claudePath('a')]: [response('home')],
      '.config/claude/projects/p/b.jsonl': [response('xdg')],
      '.config/Claude/local-agent-mode-sessions/x/y/.claude/projects/p/c.jsonl': [response('desktop')],
      '.config/Claude/local-agent-mode-sessions/x/audit.jsonl': [response('audit')],
      'one/projects/p/d.jsonl': [response('one')],
      'two/projects/p/e.jsonl': [response('two')],
    });
    expect(await found(home)).toEqual(['desktop', 'home', 'xdg']);
    expect(await found(home, { CLAUDE_CONFIG_DIR: `${home}/one, ~/two/projects` })).toEqual(['one', 'two']);
  });

  it('of OpenClaw are all read, and its variables move them', async () => {
    const file = 'agents/main/sessions/s.jsonl';
    const home = homeWith({
      [`.openclaw/${file}`]: [entry('new')],
      [`.clawdbot/${file}`]: [entry('old')],
      [`.moltbot/${file}`]: [entry('older')],
      '.openclaw/agents/main/agent/codex-home/sessions/rollout-1.jsonl': [entry('of Codex')],
      [`state/${file}`]: [entry('state')],
      [`base/.openclaw/${file}`]: [entry('base')],
    });
    expect(await found(home)).toEqual(['new', 'old', 'older']);
    expect(await found(home, { OPENCLAW_STATE_DIR: '~/state' })).toEqual(['state']);
    expect(await found(home, { CLAWDBOT_STATE_DIR: `${home}/state` })).toEqual(['state']);
    expect(await found(home, { OPENCLAW_HOME: `${home}/base` })).toEqual(['base']);
    expect(await found(home, { OPENCLAW_SESSIONS_PATH: `${home}/state/agents/main/sessions` })).toEqual(['state']);
  });
});

describe('--logs', () => {
  it('reads all that several globs name, in one folder or one within the other', async () => {
    const home = homeWith({ 'x/a.jsonl': [response('a')], 'x/b.jsonl': [response('b')], 'x/c.jsonl': [response('c')] });
    expect(await found(home, {}, ['--logs', `${home}/x/a*.jsonl`, '--logs', `${home}/x/b*.jsonl`])).toEqual(['a', 'b']);
    expect(await found(home, {}, ['--logs', `${home}/x/a*.jsonl`, '--logs', `${home}/x`])).toEqual(['a', 'b', 'c']);
  });

  it.each(['type=progress', 'timestamp=2026-01-01', 'sessionId=77', 'message=3', 'cwd=x'])(
    'reads a folder called %s as any other',
    async (folder) => {
      const home = homeWith({ [`${folder}/s.jsonl`]: [response('a')] });
      const { rows } = await ask([
        'query',
        'select session_id, cwd, responded_at::date as day from usage',
        '--logs',
        home,
      ]);
      expect(rows).toEqual([{ session_id: 's1', cwd: '/src/app', day: '2026-04-01' }]);
    },
  );

  it('replaces them by files, folders and globs, of a named source or one told by the first line', async () => {
    const home = homeWith({
      [claudePath('a')]: [response('usual')],
      'x/one.jsonl': [response('one')],
      'x/deep/two.jsonl': [response('two')],
      'x/claw.jsonl': [{ type: 'session', version: 3, id: 's', timestamp: '2026-04-01T10:00:00Z' }, entry('claw')],
      'x/claw2.jsonl': [entry('claw2')],
    });
    expect(await found(home, {}, ['--logs', `${home}/x/one.jsonl`])).toEqual(['one']);
    expect(await found(home, {}, ['--logs', `${home}/x/*.jsonl`])).toEqual(['claw', 'one']);
    expect(await found(home, {}, ['--logs', `${home}/x`])).toHaveLength(3);
    expect(
      await found(home, {}, [
        '--logs',
        `claude_code=${home}/x/**/t*.jsonl`,
        '--logs',
        `openclaw=${home}/x/claw2.jsonl`,
      ]),
    ).toEqual(['claw2', 'two']);
    expect(await found(home, {}, ['--logs', `${home}/nothing/*.jsonl`])).toEqual([]);
    const claw = readFileSync(join(home, 'x/claw.jsonl'));
    writeFile(join(home, 'packed/a.jsonl.gz'), gzipSync(claw));
    expect(await found(home, {}, ['--logs', `${home}/packed`])).toEqual(['claw']);
    writeFile(join(home, 'packed/a.jsonl.zst'), zstdFrame(claw.toString().replace('"claw"', '"zstd"')));
    expect(await found(home, {}, ['--logs', `${home}/packed`])).toEqual(['claw', 'zstd']);
  });

  it('takes names with spaces, quotes, brackets and signs of globs as they are', async () => {
    const names = ["a b'c", 'x[1]', 'q*r', 'who?', 'naïve 日本語', '{a,b}', '100%', '$HOME', 'a"b'];
    const home = homeWith(
      Object.fromEntries(
        names.map((name, index) => [`.claude/projects/${name}/${name}.jsonl`, [response(`r${index}`)]]),
      ),
    );
    expect(await found(home)).toHaveLength(names.length);
    expect(await found(home, {}, ['--logs', `${home}/.claude/projects/x[1]/x[1].jsonl`])).toEqual(['r1']);
  });
});

describe.skipIf(process.platform === 'win32')('names that hold a backslash and what makes a pattern', () => {
  it('are read, and not the file that the pattern would name', async () => {
    const names = ['a\\[b', 'a\\b*', 'a\\?', '\\[', 'a]\\[1]', 'a\\b'];
    const home = homeWith({
      ...Object.fromEntries(names.map((name, index) => [`logs/${name}.jsonl`, [response(`r${index}`)]])),
      // for DuckDB, the backslash would end the folder a
      'logs/a/[b.jsonl': 'x',
      'logs/a/b*.jsonl': 'x',
      'logs/a[[b.jsonl': 'x',
      'logs/a][b.jsonl': 'x',
    });
    const logs = names.flatMap((name) => ['--logs', join(home, `logs/${name}.jsonl`)]);
    expect(await found(home, {}, logs)).toEqual(names.map((_, index) => `r${index}`));
    const { rows } = await ask(['query', 'select path, literal_path(path) as pattern from log_files', ...logs], {
      home,
    });
    expect(rows).toHaveLength(names.length);
    for (const { path, pattern } of rows) expect([literalPath(path), pathOfPattern(pattern)]).toEqual([pattern, path]);
  });

  it('may be those of the folders of prices and archive', async () => {
    const home = homeWith({ [claudePath('a')]: [response('a')] });
    const folder = join(home, 'x\\[y]');
    const header = 'provider,model,effective_from,input,output';
    writeFile(join(folder, 'clawtrace/prices.csv'), `${header}\nanthropic,claude-opus-4-6,,700000,0\n`);
    writeFile(join(home, 'x/[y]/clawtrace/prices.csv'), `${header}\nanthropic,claude-opus-4-6,,100000,0\n`);
    const there = { home, env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder } };
    const { code, stderr } = await clawtrace(['archive'], there);
    expect(code, stderr).toBe(0);
    rmSync(join(home, claudePath('a')));
    const { rows } = await ask(['query', 'select cost from usage'], there);
    expect(rows).toEqual([{ cost: 0.7 }]);
  });
});

describe('disks', () => {
  it('are known by where they are mounted, the last one on top', () => {
    const mounts = [
      '/dev/sda1 / ext4 rw 0 0',
      'nas:/home /home nfs4 rw,hard 0 0',
      '//nas/my\\040logs /mnt/my\\040logs cifs rw 0 0',
      '/dev/sdb1 /home ext4 rw 0 0',
      '',
    ];
    expect([...kindsIn(mounts.join('\n'))]).toEqual([
      ['/', 'ext4'],
      ['/home', 'ext4'],
      ['/mnt/my logs', 'cifs'],
    ]);
  });
});

describe('links and broken paths', () => {
  it('reads a linked folder once, and no file outside the folders', async () => {
    const home = homeWith({
      [claudePath('a')]: [response('a')],
      'outside/b.jsonl': [response('b')],
      'secret.jsonl': [response('c')],
    });
    const projects = join(home, '.claude/projects');
    symlinkSync(join(projects, '-src-app'), join(projects, 'again'));
    symlinkSync(join(home, 'outside'), join(projects, 'linked'));
    symlinkSync(projects, join(projects, 'loop'));
    symlinkSync(join(projects, '-src-app/a.jsonl'), join(projects, 'same.jsonl'));
    symlinkSync(join(home, 'secret.jsonl'), join(projects, 'secret.jsonl'));
    symlinkSync(join(home, 'gone.jsonl'), join(projects, 'gone.jsonl'));
    mkdirSync(join(projects, 'folder.jsonl'));
    expect(await found(home)).toEqual(['a', 'b']);
    const { stderr } = await clawtrace(['daily'], { home });
    expect(stderr).toContain('secret.jsonl: skipped, it links to a file outside the log folders');
    const { rows } = await ask(['sources'], { home });
    expect(rows[0]).toMatchObject({ source: 'claude_code', files: 2, lines: 2, responses: 2 });
  });

  it.runIf(process.platform === 'linux')('says so of a file whose name is no UTF-8', async () => {
    const home = homeWith({ [claudePath('a')]: [response('a')] });
    const folder = join(home, '.claude/projects/-src-app/');
    writeFileSync(Buffer.concat([Buffer.from(folder), Buffer.from([0xe9]), Buffer.from('.jsonl')]), 'x');
    const { warnings } = await ask(['daily'], { home });
    expect(warnings).toEqual([`${folder}\ufffd.jsonl: skipped, it cannot be read (its name is no UTF-8).`]);
  });

  it.skipIf(process.platform === 'win32')(
    'opens no pipe, device or circle of links, under whatever name, and says so once',
    async () => {
      const home = homeWith({
        [claudePath('a')]: [response('a')],
        [claudePath('agent-1')]: [response('b')],
        '.openclaw/agents/main/sessions/s.jsonl': [entry('c')],
        '.openclaw/cron/runs/good.jsonl': [{ jobId: 'j', action: 'finished', ts: 1 }],
      });
      const pipes = [
        '.claude/settings.json',
        claudePath('agent-1').replace('.jsonl', '.meta.json'),
        claudePath('pipe'),
        '.openclaw/agents/main/sessions/sessions.json',
        '.openclaw/cron/jobs.json',
        '.openclaw/cron/runs/pipe.jsonl',
      ].map((path) => join(home, path));
      execFileSync('mkfifo', pipes);
      const projects = join(home, '.claude/projects');
      symlinkSync('/dev/zero', join(projects, 'zero.jsonl'));
      symlinkSync('memory', join(projects, 'memory'));
      symlinkSync('s.jsonl.lock', join(home, '.openclaw/agents/main/sessions/s.jsonl.lock'));
      const sql = `select (select count(*) from usage) as responses, (select count(*) from cron_runs) as runs,
        (select count(*) from openclaw_sessions) as sessions, (select count(*) from openclaw_locks) as locks`;
      const run = await spawnClawtrace(
        ['query', sql, '--json', '--logs', projects, '--logs', `openclaw=${home}/.openclaw`],
        {
          home,
        },
      );
      const { rows, warnings } = JSON.parse(run.stdout);
      expect(rows).toEqual([{ responses: 3, runs: 1, sessions: 0, locks: 1 }]);
      const said = {
        [pipes[0]!]: 'it cannot be read (it is a named pipe, not a file)',
        [pipes[1]!]: 'it cannot be read (it is a named pipe, not a file)',
        [pipes[2]!]: 'it is a named pipe, not a file',
        [pipes[3]!]: 'it cannot be read (it is a named pipe, not a file)',
        [pipes[4]!]: 'it cannot be read (it is a named pipe, not a file)',
        [pipes[5]!]: 'it cannot be read (it is a named pipe, not a file)',
        [`${projects}/zero.jsonl`]: 'it is a device, not a file',
        [`${projects}/memory`]: 'it cannot be read (ELOOP)',
        [`${home}/.openclaw/agents/main/sessions/s.jsonl.lock`]: 'it cannot be read (ELOOP)',
      };
      const wanted = Object.entries(said).map(([path, why]) => `${path}: skipped, ${why}.`);
      expect(warnings.sort()).toEqual(wanted.sort());
    },
  );

  it('reads empty files, and counts damaged lines', async () => {
    const home = homeWith({
      [claudePath('empty')]: '',
      [claudePath('blank')]: '\n\n',
      [claudePath('torn')]: `${lines([response('a')])}{"type":"assistant","message":{"usage":{"input_`,
    });
    const { rows, warnings } = await ask(['sources'], { home });
    expect(rows[0]).toMatchObject({ files: 3, lines: 2, responses: 1, damaged_lines: 1 });
    expect(warnings).toEqual([
      expect.stringMatching(/^1 damaged log line in 1 file is not counted, the first in .*torn\.jsonl/),
    ]);
  });
});

describe('a window in time', () => {
  const old = '2026-01-05T12:00:00Z';
  const recent = '2026-04-05T12:00:00Z';
  const day = (id: string, timestamp: string, more: object = {}): object => response(id, { timestamp, ...more });

  it('leaves out files that cannot hold a line of it', async () => {
    const home = temporaryFolder();
    // its first line is of the window, but its time of change and its last line say otherwise: only a file that is
    // not read can hide it
    const work = Array.from({ length: 100 }, () => ({ type: 'progress', timestamp: old, text: 'x'.repeat(1000) }));
    writeFile(join(home, claudePath('old')), [day('hidden', recent), ...work], old);
    writeFile(join(home, claudePath('new')), [day('seen', recent)], recent);
    expect(await found(home, {}, ['--since', '2026-04-01'])).toEqual(['seen']);
    expect(await found(home)).toEqual(['hidden', 'seen']);
  });

  it('looks at the last lines of a file whose time of change somebody set', async () => {
    const home = temporaryFolder();
    writeFile(join(home, claudePath('copied')), [day('a', old), day('b', recent)], old);
    writeFile(join(home, claudePath('torn')), `${lines([day('c', recent)])}{"type":"assis`, old);
    // its last line is longer than what is looked at
    writeFile(join(home, claudePath('long')), [day('d', recent, { text: 'x'.repeat(100_000) })], old);
    writeFile(join(home, claudePath('over')), [day('e', old)], old);
    expect(await found(home, {}, ['--since', '2026-04-01'])).toEqual(['b', 'c', 'd']);
  });

  it('takes every file of a session that has a line in it: a replay belongs to its original', async () => {
    const home = temporaryFolder();
    writeFile(join(home, claudePath('s1')), [day('m', old)], old);
    writeFile(
      join(home, claudePath('s1/subagents/agent-1')),
      [day('m', recent, { requestId: 'replay', isSidechain: true })],
      recent,
    );
    writeFile(
      join(home, claudePath('agent-flat', '-other')),
      [day('n', recent, { requestId: 'replay2', isSidechain: true, sessionId: 's9' })],
      recent,
    );
    writeFile(join(home, claudePath('s9', '-other')), [day('n', old, { sessionId: 's9' })], old);
    expect(await found(home, {}, ['--since', '2026-04-01'])).toEqual([]);
  });

  it('trusts no time of change that an archive made up', async () => {
    const home = temporaryFolder();
    writeFile(join(home, claudePath('s1')), [day('m', recent)], '1985-10-26T08:15:00Z');
    expect(await found(home, {}, ['--since', '2026-04-01'])).toEqual(['m']);
  });

  it('ends with today, in the zone of the user', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        day('a', '2026-04-04T21:59:59Z'),
        day('b', '2026-04-04T22:00:00Z'),
        day('c', '2026-04-06T21:59:59Z'),
        day('d', '2026-04-06T22:00:00Z'),
      ],
    });
    const env = { CLAWTRACE_NOW: '2026-04-06T10:00:00Z' };
    expect(await found(home, env, ['--last', '2d', '-z', 'Europe/Berlin'])).toEqual(['b', 'c']);
    expect(await found(home, env, ['--today', '-z', 'Europe/Berlin'])).toEqual(['c']);
    expect(await found(home, env, ['--since', '2026-04-05', '--until', '2026-04-05', '-z', 'Europe/Berlin'])).toEqual([
      'b',
    ]);
    expect(await found(home, env, ['--last', '1w', '-z', 'America/Los_Angeles'])).toEqual(['a', 'b', 'c', 'd']);
  });
});
