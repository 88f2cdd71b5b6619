import { execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { OWNER } from '../src/files/owner.ts';
import { packagePath } from '../src/package.ts';
import { makeLogs } from './bench/make-logs.mjs';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  CLI,
  homeWith,
  lines,
  spawnClawtrace,
  temporaryFolder,
  writeFile,
  type Run,
  type Usage,
} from './helpers.ts';

/** vitest -u writes snapshots anew, and what stands in for no parts. */
const isUpdating = (): boolean =>
  (expect.getState().snapshotState as unknown as { _updateSnapshot?: string })._updateSnapshot === 'all';
const NOW = '2026-05-01T15:00:00Z';
const ROOT = '.local/share/clawtrace/archive';
const SECRET = 'the secret of the house';

/** A response whose content is nobody's business. */
const response = (id: string, usage: Usage = { input: 1, output: 10 }, more: object = {}): object =>
  claudeLine({
    requestId: `req_${id}`,
    message: { id, content: [{ type: 'text', text: SECRET }] },
    usage,
    ...more,
  });

/** A response that asked another model. */
const advised = (id: string): object => {
  const call = { type: 'advisor_message', model: 'claude-opus-4-5', input_tokens: 900, output_tokens: 200 };
  return response(id, { input: 1, output: 10, iterations: [call] });
};

const prompt = { type: 'user', sessionId: 's1', message: { role: 'user', content: SECRET } };

const archiveFolder = (home: string, machine = hostname()): string => join(home, ROOT, `machine=${machine}`);
const manifestOf = (home: string): string => join(archiveFolder(home), 'manifest.jsonl');

/** Archives, and returns what was said. */
async function archive(home: string, ...args: string[]): Promise<string> {
  const { code, stderr, stdout } = await clawtrace(['archive', ...args], { home, env: { CLAWTRACE_NOW: NOW } });
  expect([code, stdout], stderr).toEqual([0, '']);
  return stderr.trim();
}

/** Responses and output tokens of all days. */
async function sums(home: string, ...args: string[]): Promise<[number, number]> {
  const { totals } = await ask(['daily', ...args], { home });
  return [totals.responses ?? 0, totals.output_tokens ?? 0];
}

/** Parquet files of an archive, as they are named in the folder. */
const partsOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .sort();

/** A manifest as a version wrote it that gave it no checksum: that can be edited. */
const readUnsealed = (home: string): string =>
  readFileSync(manifestOf(home), 'utf8').replace(/,"sha256":"\w{64}"\}\n/, '}\n');

/** Makes an archive one that other rules have read. */
function readInOtherWay(home: string): void {
  writeFileSync(manifestOf(home), readUnsealed(home).replaceAll(/"reading":"\w+"/g, '"reading":"older"'));
}

/** Writes the first part of an archive anew, with what a SELECT makes of it. */
async function rewritePart(home: string, select: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create()).connect();
  const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
  await connection.run(`create table part as ${select} from read_parquet('${part}', hive_partitioning = false)`);
  await connection.run(`copy part to '${part}' (format parquet)`);
  connection.closeSync();
  // as if it had been written like that
  const [head, ...files] = readUnsealed(home).split('\n');
  const { parts, ...rest } = JSON.parse(head!) as { parts: { path: string }[] };
  const sha256 = createHash('sha256').update(readFileSync(part)).digest('hex');
  const described = parts.map((one) =>
    part.replaceAll('\\', '/').endsWith(one.path) ? { ...one, bytes: statSync(part).size, sha256 } : one,
  );
  writeFileSync(manifestOf(home), [JSON.stringify({ ...rest, parts: described }), ...files].join('\n'));
}

/** Names, bytes and times of all files in a folder. */
function stateOf(folder: string): Record<string, string> {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return Object.fromEntries(
    names.sort().flatMap((name) => {
      const path = join(folder, name);
      const { mtimeMs, mode } = statSync(path);
      if (!statSync(path).isFile()) return [];
      return [[name, `${mtimeMs} ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`]];
    }),
  );
}

const logFiles = (home: string, folder = '.claude'): string[] =>
  readdirSync(join(home, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.jsonl'))
    .sort()
    .map((name) => join(home, folder, name));

/** The demo's logs, in a home as their agents write them. */
function demoHome(): string {
  const home = temporaryFolder();
  cpSync('test/demo/claude', join(home, '.claude'), { recursive: true });
  cpSync('test/demo/openclaw', join(home, '.openclaw'), { recursive: true });
  return home;
}

/** What a report prints, to the byte, and what it says. */
async function output(home: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await clawtrace(args, { home, env: { CLAWTRACE_NOW: NOW } });
  expect(code, stderr).toBe(0);
  return `${stdout}\n${stderr}`;
}

const outputs = async (home: string, reports: readonly (readonly string[])[], ...more: string[]): Promise<string[]> => {
  return Promise.all(reports.map((report) => output(home, [...report, ...more])));
};

/** Of usage alone, in sums, over all time and row by row: whether it comes from logs or from the archive is all one. */
const OF_USAGE = [
  ['daily', '--json', '--breakdown=agent'],
  ['status', '--json'],
  ['query', 'from usage order by source, response_key'],
] as const;

describe('the archive in place of the logs', () => {
  it('gives the same bytes, with the logs, without half of them, and without any', async () => {
    const home = demoHome();
    const live = await outputs(home, OF_USAGE);
    await archive(home);
    expect(await outputs(home, OF_USAGE)).toEqual(live);
    const logs = [...logFiles(home), ...logFiles(home, '.openclaw')];
    for (const log of logs.filter((_, index) => index % 2 === 0)) rmSync(log);
    expect(await outputs(home, OF_USAGE)).toEqual(live);
    expect(await archive(home)).toContain('nothing new');
    for (const folder of ['.claude', '.openclaw']) rmSync(join(home, folder), { recursive: true });
    expect(await archive(home)).toContain('nothing new');
    await archive(home, '--compact');
    expect(await outputs(home, OF_USAGE)).toEqual(live);
    expect(await sums(home, '--no-archive')).toEqual([0, 0]);
  });

  it('gives the same for reports that read the logs again, while they are there', async () => {
    const home = demoHome();
    const reports = [
      ['doctor', '--json'],
      ['tools', '--json'],
      ['sources', '--json'],
      ['verify', '--json'],
      ['explain', '2026-05-01', '--json'],
    ];
    const live = await outputs(home, reports);
    await archive(home);
    expect(await outputs(home, reports)).toEqual(live);
  });

  it('counts the usage of logs that are gone, and says what it cannot know of them', async () => {
    const tool = { type: 'tool_use', id: 't1', name: 'Bash', input: { command: SECRET } };
    const call = (id: string): object => response(id, { output: 10 }, { message: { id, content: [tool] } });
    const home = homeWith({ [claudePath('s1')]: [prompt, call('a')], [claudePath('s2')]: [call('b')] });
    await archive(home);
    rmSync(join(home, claudePath('s1')));
    const said = expect.stringMatching(/^1 log is gone: the archive has the usage in it, but no tool calls/);
    const query = async (sql: string): Promise<[object[], readonly string[]]> => {
      const { rows, warnings } = await ask(['query', sql], { home });
      return [rows, warnings];
    };
    // of the two responses, the call of the one is not known any more
    const tools = await ask(['tools'], { home });
    expect(tools.rows.map(({ tool, calls, responses }) => [tool, calls, responses])).toEqual(
      expect.arrayContaining([
        ['Bash', 1, 1],
        [null, 0, 1],
      ]),
    );
    expect(tools.warnings).toEqual([said]);
    const sources = await ask(['sources', '--source', 'claude_code'], { home });
    expect(sources.rows[0]).toMatchObject({ files: 1, files_gone: 1, lines: 1, responses: 2 });
    expect(sources.warnings).toEqual([said]);
    const doctor = await ask(['doctor'], { home });
    expect(doctor.rows.map(({ finding, count }) => [finding, count])).toEqual(
      expect.arrayContaining([
        ['files read', 1],
        ['files only in the archive', 1],
        ['usage lines', 1],
        ['responses', 2],
      ]),
    );
    expect(doctor.warnings).toEqual([said]);
    // log_lines is a column of usage, and a view of the logs
    expect(await query('select sum(log_lines)::int as lines from usage')).toEqual([[{ lines: 2 }], []]);
    expect(await query('select count(*)::int as lines from log_lines')).toEqual([[{ lines: 1 }], [said]]);
    expect(await query(`select count(*)::int as lines from query_table('log_lines')`)).toEqual([
      [{ lines: 1 }],
      [said],
    ]);
    const explained = await clawtrace(['explain', 's1'], { home });
    expect(explained.code, explained.stderr).toBe(0);
    for (const report of ['verify', 'optimize', 'reconcile', 'cache', 'archive verify']) {
      const { code, stderr } = await clawtrace(report.split(' '), { home });
      expect(code, `${report}: ${stderr}`).toBe(0);
    }
  });

  it('is verified against the logs in all that it holds', async () => {
    const home = homeWith({
      [claudePath('s1')]: [response('a', { input: 10, output: 10 }), response('b', { input: 20, output: 20 })],
    });
    await archive(home);
    const verify = async (): Promise<(number | null)[]> => {
      const { code, stdout } = await clawtrace(['archive', 'verify', '--format', 'csv'], { home });
      return [code, stdout.split(',false\n').length - 1];
    };
    expect(await verify()).toEqual([0, 0]);
    const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
    const [whole, manifest] = [readFileSync(part), readFileSync(manifestOf(home))];
    for (const [change, differing] of [
      ["'claude-haiku-4-5' as model", 1],
      ["'fast' as speed", 1],
      ["'priority' as service_tier", 1],
      ['log_lines + 1 as log_lines', 2],
      // less in the archive than in the log: input tokens, and the hash
      ['input_tokens - 1 as input_tokens', 2],
    ] as const) {
      await rewritePart(home, `select * replace (${change})`);
      expect(await verify(), change).toEqual([1, differing]);
      writeFileSync(part, whole);
      writeFileSync(manifestOf(home), manifest);
    }
  });

  it('is verified only where there is one', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    const { code, stdout, stderr } = await clawtrace(['archive', 'verify'], { home });
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Nothing to compare: there is no archive');
  });

  it('warns of damaged lines as before', async () => {
    const torn = JSON.stringify(response('b')).slice(0, -20);
    const halved = JSON.stringify(response('c')).replace(SECRET, 'cut \\ud83e');
    const home = homeWith({
      [claudePath('s1')]: `${lines([response('a')])}${torn}\n${halved}\n`,
      // nothing of this one can be counted
      [claudePath('s2')]: '{"type":"assistant","mess\n',
    });
    const reports = [
      ['daily', '--json'],
      ['doctor', '--json'],
      ['query', 'select message from log_warnings'],
      ['query', 'select problem, outcome, line_number from line_repairs order by all'],
    ];
    const live = await outputs(home, reports);
    expect(live[0]).toContain('2 damaged log lines in 2 files are not counted, the first in ');
    expect(JSON.parse(live[0]!.split('\n\n')[0]!).totals.responses).toBe(2);
    await archive(home);
    expect(await outputs(home, reports)).toEqual(live);
    for (const log of logFiles(home)) rmSync(log);
    expect((await outputs(home, reports)).filter((_, index) => index !== 1)).toEqual(
      live.filter((_, index) => index !== 1),
    );
  });

  it('does not warn of what was damaged before the window, whether the log is there or not', async () => {
    const home = temporaryFolder();
    const log = join(home, claudePath('s1'));
    const last = '{"type":"user","timestamp":"2024-01-01T00:00:00Z"}';
    writeFile(log, `{"type":"assistant","mess\n${last}\n`, '2024-01-01T00:00:00Z');
    const warnings = async (...args: string[]): Promise<number> =>
      (await ask(['daily', ...args], { home })).warnings.length;
    expect([await warnings(), await warnings('--since', '2024-06-01')]).toEqual([1, 0]);
    await archive(home);
    rmSync(log);
    expect([await warnings(), await warnings('--since', '2024-06-01')]).toEqual([1, 0]);
  });

  it('warns where nothing but damage was archived', async () => {
    const home = homeWith({ [claudePath('s2')]: '{"type":"assistant","mess\n' });
    const live = await ask(['daily'], { home });
    expect(live.warnings).toHaveLength(1);
    expect(await archive(home)).toContain('1 log file, 0 groups of lines');
    expect((await ask(['daily'], { home })).warnings).toEqual(live.warnings);
  });
});

describe('clawtrace archive', () => {
  it('says when there is nothing, and exits with 0', async () => {
    const home = temporaryFolder();
    expect(await archive(home)).toMatch(/^No logs found: there is nothing to archive\./);
    expect(partsOf(home)).toEqual([]);
  });

  it('reads a file again that grew, and counts it once', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a', { output: 10 })] });
    await archive(home);
    appendFileSync(join(home, claudePath('s1')), lines([response('a', { output: 25 }), response('b', { output: 5 })]));
    // a streams on from 10 to 25: 25 + 5
    expect(await sums(home)).toEqual([2, 30]);
    expect(await archive(home)).toContain('1 log file, 2 groups of lines');
    expect(await sums(home)).toEqual([2, 30]);
    rmSync(join(home, claudePath('s1')));
    expect(await sums(home)).toEqual([2, 30]);
  });

  it('keeps what was once counted of a file that is rewritten', async () => {
    const home = homeWith({
      [claudePath('s1')]: [
        response('a', { input: 1, output: 10 }),
        response('a', { input: 1, output: 90 }),
        response('b'),
      ],
    });
    await archive(home);
    const rewritten = [response('a', { input: 1, output: 10 })];
    writeFile(join(home, claudePath('s1')), rewritten);
    for (let time = 0; time < 3; time++) {
      // a: 90, b: 10
      expect(await sums(home)).toEqual([2, 100]);
      expect((await archive(home)).includes('nothing new')).toBe(time > 0);
      expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
    }
    appendFileSync(join(home, claudePath('s1')), lines([response('c')]));
    await archive(home);
    await archive(home, '--compact');
    await archive(home);
    const { rows } = await ask(['query', 'select count(*) as groups from archived_groups'], { home });
    // a twice, as it was and as it is, and b and c: nothing piles up
    expect(rows).toEqual([{ groups: 4 }]);
    expect(await sums(home)).toEqual([3, 110]);
  });

  it('keeps the greater count of each kind of token of a file that is rewritten', async () => {
    const kinds = ['input', 'output', 'read', 'write5m'] as const;
    const smaller = { input: 1, output: 1, read: 1, write5m: 1 };
    const home = homeWith({ [claudePath('s1')]: kinds.map((kind) => response(kind, { ...smaller, [kind]: 10 })) });
    await archive(home);
    const rewritten = kinds.map((kind) => response(kind, smaller));
    writeFile(join(home, claudePath('s1')), rewritten);
    // of each kind one response has 10 and three have 1
    expect((await ask(['daily'], { home })).totals).toMatchObject({
      responses: 4,
      input_tokens: 13,
      output_tokens: 13,
      cache_read_tokens: 13,
      cache_write_tokens: 13,
    });
  });

  it('a second run changes no byte, and a dry run writes nothing', async () => {
    const home = demoHome();
    expect(await archive(home, '--dry-run')).toMatch(/log files, .* to write\. Nothing was written\.$/);
    expect(existsSync(join(home, '.local/share'))).toBe(false);
    const logs = stateOf(join(home, '.claude'));
    await archive(home);
    expect(stateOf(join(home, '.claude'))).toEqual(logs);
    const before = stateOf(join(home, ROOT));
    expect(await archive(home)).toBe(`${archiveFolder(home)}: nothing new.`);
    appendFileSync(logFiles(home)[0]!, lines([response('new')]));
    await archive(home, '--dry-run');
    await archive(home, '--compact', '--dry-run');
    expect(stateOf(join(home, ROOT))).toEqual(before);
  });

  it('leaves what changed lately for later, and reads it all the same', async () => {
    const home = temporaryFolder();
    const [old, young] = [join(home, claudePath('s1')), join(home, claudePath('s2'))];
    writeFile(old, [response('a')], '2026-01-01T00:00:00Z');
    writeFile(young, [response('b')], '2026-04-30T00:00:00Z');
    expect(await archive(home, '--before', '90d')).toContain('1 log file, 1 group of lines');
    expect(await sums(home)).toEqual([2, 20]);
    await archive(home);
    // one that grew, and is left for later, must not pass for archived as it is
    appendFileSync(young, lines([response('c')]));
    utimesSync(young, new Date('2026-05-01T00:00:00Z'), new Date('2026-05-01T00:00:00Z'));
    appendFileSync(old, lines([response('d')]));
    utimesSync(old, new Date('2026-01-02T00:00:00Z'), new Date('2026-01-02T00:00:00Z'));
    expect(await archive(home, '--before', '90d')).toContain('1 log file, 2 groups of lines');
    expect(await sums(home)).toEqual([4, 40]);
    expect(await archive(home)).toContain('1 log file, 2 groups of lines');
    expect(await sums(home)).toEqual([4, 40]);
  });

  it('compacts to one file a month, and the old ones go with the next run', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    writeFile(join(home, claudePath('s2')), [
      response('b', { output: 5 }),
      response('m', { output: 7 }, { timestamp: '2026-05-01T00:00:00Z' }),
    ]);
    await archive(home);
    rmSync(join(home, claudePath('s1')));
    const live = await outputs(home, OF_USAGE.slice(-1));
    expect(partsOf(archiveFolder(home))).toHaveLength(3);
    await archive(home, '--compact');
    expect(partsOf(archiveFolder(home))).toHaveLength(5);
    expect(await outputs(home, OF_USAGE.slice(-1))).toEqual(live);
    expect(await archive(home)).toContain('nothing new');
    expect(partsOf(archiveFolder(home)).map((part) => dirname(part))).toEqual(['month=2026-04', 'month=2026-05']);
    expect(await outputs(home, OF_USAGE.slice(-1))).toEqual(live);
  });

  it('compacts only what it was told to look at, and loses nothing of the rest', async () => {
    const home = demoHome();
    const live = await outputs(home, OF_USAGE.slice(-1));
    await archive(home);
    await archive(home, '--compact', '--source', 'openclaw');
    expect(await outputs(home, OF_USAGE.slice(-1))).toEqual(live);
    await archive(home, '--compact', '--logs', join(home, '.claude/projects/-home-dana-src-infra'));
    for (const folder of ['.claude', '.openclaw']) rmSync(join(home, folder), { recursive: true });
    await archive(home);
    expect(await outputs(home, OF_USAGE.slice(-1))).toEqual(live);
  });

  it('purges only what is gone and old, and asks before it does', async () => {
    const at = (day: string): object => ({ timestamp: `${day}T10:00:00Z` });
    const home = homeWith({
      [claudePath('gone')]: [
        response('old', { output: 1 }, at('2025-01-01')),
        response('new', { output: 2 }, at('2026-04-01')),
      ],
      [claudePath('wholly-gone')]: [response('older', { output: 4 }, at('2024-12-01'))],
      [claudePath('there')]: [response('kept', { output: 8 }, at('2025-01-01'))],
    });
    await archive(home);
    for (const session of ['gone', 'wholly-gone']) rmSync(join(home, claudePath(session)));
    expect(await sums(home)).toEqual([4, 15]);
    const before = stateOf(join(home, ROOT));
    const asked = await clawtrace(['archive', 'purge', '--before', '90d'], { home });
    expect([asked.code, asked.stderr.trim()]).toEqual([
      1,
      'clawtrace: archive purge asks before it deletes. In scripts, use --yes.',
    ]);
    expect((await clawtrace(['archive', 'purge', '--yes'], { home })).code).toBe(1);
    expect(await archive(home, 'purge', '--before', '90d', '--dry-run')).toContain('2 groups of lines to delete.');
    expect(stateOf(join(home, ROOT))).toEqual(before);
    expect(await archive(home, 'purge', '--before', '90d', '--yes')).toContain('2 groups of lines deleted.');
    // 2 that is new enough, and 8 that is there
    expect(await sums(home)).toEqual([2, 10]);
    const bytes = partsOf(archiveFolder(home)).map((part) => readFileSync(join(archiveFolder(home), part), 'latin1'));
    expect(bytes.join('')).not.toContain('req_old');
    expect(readFileSync(manifestOf(home), 'utf8')).not.toContain('wholly-gone');
    const after = stateOf(join(home, ROOT));
    expect(await archive(home, 'purge', '--before', '90d', '--yes')).toContain('nothing to delete.');
    expect(stateOf(join(home, ROOT))).toEqual(after);
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
  });

  it('counts days back in the zone of the user, from the first moment of a day', async () => {
    const at = (time: string): object => ({ timestamp: time });
    const files = {
      // 5 am of April 11 there; ten days before is April 1, which begins at 15:00 UTC of March 31
      '.config/clawtrace/config.toml': 'timezone = "Asia/Tokyo"',
      [claudePath('s1')]: [
        response('last', { output: 1 }, at('2026-03-31T14:59:59.999Z')),
        response('first', { output: 2 }, at('2026-03-31T15:00:00.000Z')),
      ],
    };
    const env = { CLAWTRACE_NOW: '2026-04-10T20:00:00Z' };
    const home = homeWith(files);
    expect((await clawtrace(['archive'], { home, env })).code).toBe(0);
    rmSync(join(home, claudePath('s1')));
    const purged = await clawtrace(['archive', 'purge', '--before', '10d', '--yes'], { home, env });
    expect(purged.stderr).toContain('1 group of lines deleted.');
    expect(await sums(home)).toEqual([1, 2]);
    const taken = async (modifiedAt: string): Promise<string> => {
      const other = homeWith(files);
      utimesSync(join(other, claudePath('s1')), new Date(modifiedAt), new Date(modifiedAt));
      return (await clawtrace(['archive', '--before', '10d', '--dry-run'], { home: other, env })).stderr;
    };
    expect(await taken('2026-03-31T14:59:59Z')).toContain('1 log file, 2 groups of lines to write.');
    expect(await taken('2026-03-31T15:00:00Z')).toContain('nothing new.');
  });

  it('is private, and holds nothing of what was said', async () => {
    const home = homeWith({
      [claudePath('s1')]: [prompt, response('a'), { type: 'summary', summary: SECRET }],
      '.openclaw/agents/main/sessions/s9.jsonl': [
        { type: 'session', version: 3, id: 's9', timestamp: '2026-04-01T10:00:00.000Z', cwd: '/src/claw' },
        openclawEntry('e1'),
      ],
      // repaired lines take a way of their own
      [claudePath('s3')]: `${JSON.stringify(response('c')).replace('"text":"', '"text":"\\ud83e ')}\n`,
    });
    await archive(home);
    const names = readdirSync(join(home, '.local'), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => /manifest\.jsonl$|\.parquet$/.test(name))).toHaveLength(2);
    for (const name of names) {
      const path = join(home, '.local', name);
      const isFile = statSync(path).isFile();
      if (process.platform !== 'win32')
        expect([name, statSync(path).mode & 0o777]).toEqual([name, isFile ? 0o600 : 0o700]);
      if (isFile) expect(readFileSync(path).includes('secret')).toBe(false);
    }
    // the bytes are compressed: every value of every column, as text
    const parts = join(archiveFolder(home), '*/*.parquet');
    const { rows } = await ask(['query', `from read_parquet('${parts}')`], { home });
    expect(rows).toHaveLength(4);
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  it('follows XDG_DATA_HOME, and a machine whose name is no folder', async () => {
    const home = homeWith({
      [claudePath('s1')]: [response('a')],
      '.config/clawtrace/config.toml': 'machine = "a/b *[c]"',
    });
    const env = { XDG_DATA_HOME: join(home, 'data [1]*') };
    if (process.platform === 'win32') env.XDG_DATA_HOME = join(home, 'data [1]');
    await clawtrace(['archive'], { home, env });
    rmSync(join(home, claudePath('s1')));
    expect(readdirSync(join(env.XDG_DATA_HOME, 'clawtrace/archive'))).toEqual(['machine=a%2Fb%20%2A%5Bc%5D']);
    const { rows } = await ask(['by', 'machine'], { home, env });
    expect(rows).toMatchObject([{ value: 'a/b *[c]', responses: 1 }]);
    expect(existsSync(join(home, '.local/share'))).toBe(false);
  });

  it('keeps itself in few files', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    // as if every run had left a file of its own
    const [part] = partsOf(archiveFolder(home));
    const [head, ...files] = readUnsealed(home).split('\n');
    const copies = Array.from({ length: 202 }, (_, index) => part!.replace(/\d{9}Z/, `${100_000_000 + index}Z`));
    for (const copy of copies) cpSync(join(archiveFolder(home), part!), join(archiveFolder(home), copy));
    const parts = [part, ...copies].sort().map((path) => path!.replaceAll('\\', '/'));
    writeFileSync(manifestOf(home), [JSON.stringify({ ...JSON.parse(head!), parts }), ...files].join('\n'));
    await archive(home);
    await archive(home);
    expect(partsOf(archiveFolder(home))).toHaveLength(1);
    expect(await sums(home)).toEqual([1, 10]);
  });
});

describe('an archive that was read in another way', () => {
  it('is read again from its logs; what is gone stays', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b', { output: 5 })] });
    await archive(home);
    rmSync(join(home, claudePath('s2')));
    readInOtherWay(home);
    expect(await sums(home)).toEqual([2, 15]);
    expect(await archive(home)).toContain('1 log file, 1 group of lines');
    expect(readFileSync(manifestOf(home), 'utf8').match(/"reading":"older"/g)).toHaveLength(1);
    expect(await sums(home)).toEqual([2, 15]);
    await archive(home, '--compact');
    expect(readFileSync(manifestOf(home), 'utf8').match(/"reading":"older"/g)).toHaveLength(1);
    expect(await archive(home)).toContain('nothing new');
    expect(await sums(home)).toEqual([2, 15]);
  });

  it('counts parts of an older one that lack columns', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a'), advised('b')], [claudePath('s2')]: [response('c')] });
    const live = await outputs(home, OF_USAGE);
    await archive(home);
    rmSync(join(home, claudePath('s1')));
    await rewritePart(home, 'select * exclude (has_advisors)');
    readInOtherWay(home);
    expect(await outputs(home, OF_USAGE)).toEqual(live);
    await archive(home);
    expect(await outputs(home, OF_USAGE)).toEqual(live);
    await archive(home, '--compact');
    expect(await outputs(home, OF_USAGE)).toEqual(live);
  });

  it('takes the counts of the new reading, and keeps what only the old one has', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a', { output: 90 }), response('b')] });
    await archive(home);
    writeFile(join(home, claudePath('s1')), [response('a', { output: 10 })]);
    readInOtherWay(home);
    // a: 10 as it is read now, b: 10 as it once was
    expect(await sums(home)).toEqual([2, 20]);
  });
});

const openclawEntry = (id: string, output = 2): object => ({
  type: 'message',
  id,
  timestamp: '2026-04-02T10:00:01.000Z',
  message: {
    role: 'assistant',
    provider: 'anthropic',
    model: 'claude-sonnet-4-6',
    content: [{ type: 'text', text: SECRET }],
    usage: { input: 1, output, cacheRead: 3, cacheWrite: 4 },
  },
});

/** A database of OpenClaw with the given entries, closed. */
function openclawDatabase(path: string, entries: readonly object[]): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  const database = new Database(path);
  const values = entries.map((entry, index) => `('s1', ${index}, '${JSON.stringify(entry)}', 0)`);
  database.exec(`create table transcript_events (session_id text not null, seq integer not null,
    event_json text not null, created_at integer not null, primary key (session_id, seq)) strict;
    insert into transcript_events values ${values.join(', ')}`);
  database.close();
}

describe('agents and databases of OpenClaw', () => {
  it('stay apart, and stay when they are gone', async () => {
    const home = homeWith({
      '.openclaw/agents/main/sessions/s9.jsonl': [openclawEntry('e1')],
      // the same id and time in the folder of another agent is another response
      '.openclaw/agents/ops/sessions/s8.jsonl': [openclawEntry('e1', 5)],
    });
    const database = join(home, '.openclaw/agents/ops/agent/openclaw-agent.sqlite');
    openclawDatabase(database, [openclawEntry('d1', 20), openclawEntry('d2', 30)]);
    const time = new Date('2026-04-02T12:00:00Z');
    utimesSync(database, time, time);
    const live = await outputs(home, OF_USAGE.slice(-2));
    expect(await sums(home)).toEqual([4, 57]);
    expect(await archive(home)).toContain('3 log files');
    expect(await outputs(home, OF_USAGE.slice(-2))).toEqual(live);
    expect(await archive(home)).toContain('nothing new');
    // an unchanged database is not opened: one that cannot be read is not missed
    const known = readFileSync(database);
    writeFileSync(database, Buffer.alloc(known.length));
    utimesSync(database, time, time);
    expect(await sums(home)).toEqual([4, 57]);
    writeFileSync(database, known);
    utimesSync(database, time, time);
    // one that has fewer entries keeps those that it had
    openclawDatabase(database, [openclawEntry('d3', 100)]);
    expect(await sums(home)).toEqual([5, 157]);
    await archive(home);
    rmSync(join(home, '.openclaw'), { recursive: true });
    expect(await sums(home)).toEqual([5, 157]);
    const { rows } = await ask(['agents'], { home });
    // main: 2; ops: 5 + 20 + 30 + 100
    expect(rows.map(({ agent, output_tokens }) => [agent, output_tokens])).toEqual([
      ['ops', 155],
      ['main', 2],
    ]);
  });
});

describe('an archive that cannot be read', () => {
  const broken = async (change: (home: string) => void): Promise<{ home: string; line: string }> => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b')] });
    await archive(home);
    rmSync(join(home, claudePath('s2')));
    change(home);
    const said: string[] = [];
    for (const args of [
      ['daily'],
      ['archive'],
      ['archive', 'status'],
      ['query', 'select count(*) from usage'],
      ['sessions', '--json'],
    ]) {
      const { code, stdout, stderr } = await clawtrace(args, { home });
      expect([args, code, stdout]).toEqual([args, 1, '']);
      said.push(stderr);
    }
    expect(new Set(said).size).toBe(1);
    expect(said[0]!.trim().split('\n')).toHaveLength(1);
    expect(await sums(home, '--no-archive')).toEqual([1, 10]);
    return { home, line: said[0]!.trim() };
  };

  const edit = (home: string, change: (text: string) => string): void =>
    writeFileSync(manifestOf(home), change(readFileSync(manifestOf(home), 'utf8')));

  it('because a newer clawtrace wrote it', async () => {
    const { home, line } = await broken((of) => edit(of, (text) => text.replace('"format":2', '"format":3')));
    expect(line).toBe(
      `clawtrace: ${manifestOf(home)}: written by a newer clawtrace. Update, or leave it out with --no-archive.`,
    );
  });

  it.each([
    ['empty', () => ''],
    ['no JSON', () => 'what is this\n'],
    ['null', () => 'null\n'],
    ['no head', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['broken off in a line', (text: string) => text.slice(0, -20)],
    ['broken off between lines', (text: string) => text.slice(0, text.trimEnd().lastIndexOf('\n') + 1)],
    ['leading elsewhere', (text: string) => text.replace('"month=2026-04/', '"../month=2026-04/')],
  ] as const)('because its manifest is %s', async (_, change) => {
    const { home, line } = await broken((of) => edit(of, change));
    expect(line).toBe(
      `clawtrace: ${manifestOf(home)}: broken. Put it back from a copy, or leave the archive out with --no-archive.`,
    );
  });

  it('because a line of its manifest is damaged', async () => {
    const { home, line } = await broken((of) => edit(of, (text) => text.replace('{"source":', '{"source"')));
    expect(line).toBe(
      `clawtrace: ${manifestOf(home)}: broken. Put it back from a copy, or leave the archive out with --no-archive.`,
    );
  });

  it.each(['"file_id":', '"reading":"', '"machine":"', '"sourc'])(
    'because what follows %s in its manifest is not as it was written',
    async (before) => {
      const flip = (text: string): string => {
        const place = text.lastIndexOf(before) + before.length;
        return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ 1) + text.slice(place + 1);
      };
      const { home, line } = await broken((of) => edit(of, flip));
      expect(line).toBe(
        `clawtrace: ${manifestOf(home)}: broken. Put it back from a copy, or leave the archive out with --no-archive.`,
      );
    },
  );

  it('because a part is missing, and can go on without it', async () => {
    const { home, line } = await broken((of) => rmSync(join(archiveFolder(of), partsOf(archiveFolder(of))[0]!)));
    expect(line).toMatch(
      /month=2026-04.*\.parquet is missing from the archive\. Put it back from a copy; or go on without it: clawtrace archive --repair\.$/,
    );
    await archive(home, '--repair');
    // the log of s2 is gone, and so is what the archive had of it
    expect(await sums(home)).toEqual([1, 10]);
    expect(await archive(home)).toContain('nothing new');
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
  });

  it('because a part is damaged', async () => {
    const { home, line } = await broken((of) => {
      const part = join(archiveFolder(of), partsOf(archiveFolder(of))[0]!);
      writeFileSync(part, readFileSync(part).subarray(0, 100));
    });
    expect(line).toMatch(
      /\.parquet does not have the size that it was written with\. Put it back from a copy; or go on/,
    );
    expect(line).toContain(join(home, ROOT));
    rmSync(join(archiveFolder(home), partsOf(archiveFolder(home))[0]!));
    await archive(home, '--repair');
    expect(await sums(home)).toEqual([1, 10]);
  });

  it('because a part is damaged inside', async () => {
    const damaged = async (home: string, from: number, args: readonly string[]): Promise<string> => {
      const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
      const whole = readFileSync(part);
      const at = from < 0 ? whole.length + from : from;
      writeFileSync(
        part,
        Buffer.from(whole.map((byte, index) => (index >= at && index < at + 40 ? 255 - byte : byte))),
      );
      const { code, stdout, stderr } = await clawtrace(args, { home });
      writeFileSync(part, whole);
      expect([code, stdout, stderr.trim().split('\n')]).toEqual([
        1,
        '',
        [expect.stringContaining(`${part.slice(part.indexOf('month='))}`)],
      ]);
      return stderr.trim();
    };
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b')] });
    await archive(home);
    rmSync(join(home, claudePath('s2')));
    const said = /^clawtrace: .*\.parquet is damaged: its checksum is not .* Put it back from a copy; or go on without/;
    for (const args of [['daily'], ['query', 'from line_groups']])
      for (const from of [4, -400]) expect(await damaged(home, from, args)).toMatch(said);
  });

  it.skipIf(process.platform === 'win32')('because the folder of a machine is a link that leads nowhere', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    for (const [target, why] of [
      ['machine=other', 'ELOOP'],
      [join(home, 'gone'), 'ENOENT'],
    ] as const) {
      const link = join(home, ROOT, 'machine=other');
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(target, link);
      for (const args of [['daily'], ['archive', 'status']]) {
        const { code, stdout, stderr } = await clawtrace(args, { home });
        expect([code, stdout, stderr.trim()]).toEqual([
          1,
          '',
          `clawtrace: ${link}: leads nowhere (${why}). Bring back what it leads to, remove it, or leave the archive out with --no-archive.`,
        ]);
      }
      // the archive of this machine does not mind
      await archive(home);
      rmSync(link);
    }
  });

  it('a lost manifest is not taken for a new archive', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    rmSync(manifestOf(home));
    const { code, stderr } = await clawtrace(['archive'], { home });
    expect([code, stderr.trim()]).toEqual([
      1,
      `clawtrace: ${archiveFolder(home)} has parts, but no manifest.jsonl: put it back from a copy.`,
    ]);
    expect(partsOf(archiveFolder(home))).toHaveLength(1);
    // nor for none: what is gone would be missing from every sum
    const report = await clawtrace(['daily'], { home });
    expect([report.code, report.stderr.trim()]).toEqual([1, stderr.trim()]);
  });
});

describe('an archive trusts its manifest alone', () => {
  it('a copy of its folder counts once, and is named', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a'), response('b')] });
    await archive(home);
    const copy = `${archiveFolder(home)}.bak`;
    cpSync(archiveFolder(home), copy, { recursive: true });
    rmSync(join(home, claudePath('s1')));
    expect((await sums(home))[0]).toBe(2);
    expect((await ask(['archive', 'status'], { home })).rows).toMatchObject([{ responses: 2, copies: copy }]);
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
  });

  it('every flipped bit of a part is named, by reports and by verify, with and without logs', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a'), response('b', { output: 7 })] });
    await archive(home);
    const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
    const whole = readFileSync(part);
    for (const [place, isGone] of [
      [5, false],
      [Math.floor(whole.length / 2), true],
      [whole.length - 9, true],
    ] as const) {
      if (isGone) rmSync(join(home, claudePath('s1')), { force: true });
      const flipped = Buffer.from(whole);
      flipped[place]! ^= 1 << (place % 8);
      writeFileSync(part, flipped);
      const named = expect.stringContaining(part.slice(part.indexOf('month=')));
      const report = await clawtrace(['daily'], { home });
      expect([report.code, report.stdout, report.stderr]).toEqual([1, '', named]);
      const verify = await clawtrace(['archive', 'verify', '--json'], { home });
      expect([verify.code, verify.stdout]).toEqual([1, named]);
    }
    writeFileSync(part, whole);
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
  });

  it('a purge names copies, which it does not change', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b')] });
    await archive(home);
    const copy = `${archiveFolder(home)}.bak`;
    cpSync(archiveFolder(home), copy, { recursive: true });
    rmSync(join(home, claudePath('s1')));
    const said = `warning: ${copy} is a copy of this archive, and stays as it is: reports count what only the copy still has. Remove the copy.`;
    for (const more of ['--dry-run', '--yes'])
      expect((await archive(home, 'purge', '--before', '1d', more)).split('\n')).toContain(said);
    rmSync(copy, { recursive: true });
    expect(await archive(home, 'purge', '--before', '1d', '--yes')).not.toContain('copy');
    expect((await sums(home))[0]).toBe(1);
  });

  it('only what it wrote itself is ever removed', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    const [own] = partsOf(archiveFolder(home));
    const others = [
      'backup/manifest.jsonl',
      `backup/${own}`,
      'month=2026-04/mine.parquet',
      `month=2026-04/${own!.split('/')[1]!.replace('.parquet', '.copy.parquet')}`,
      'notes.parquet',
      '.tmp-mine/notes.txt',
      '.lock-mine',
    ];
    // what a run leaves that is killed while it takes over a lock
    const left = join(archiveFolder(home), `.lock-${randomUUID()}`);
    writeFile(left, '00000000-1-1 1');
    for (const path of others) writeFile(join(archiveFolder(home), path), 'mine');
    appendFileSync(join(home, claudePath('s1')), lines([response('b')]));
    await archive(home, '--compact');
    await archive(home);
    for (const path of others) expect(readFileSync(join(archiveFolder(home), path), 'utf8'), path).toBe('mine');
    for (const path of [join(archiveFolder(home), own!), left]) expect(existsSync(path), path).toBe(false);
  });

  it('one that was written before parts had checksums is read, and gets them with the next run', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b')] });
    await archive(home);
    const [head, ...files] = readUnsealed(home).split('\n');
    const { parts, ...rest } = JSON.parse(head!);
    const old = { ...rest, format: 1, parts: parts.map(({ path }: { path: string }) => path) };
    writeFileSync(manifestOf(home), [JSON.stringify(old), ...files].join('\n'));
    rmSync(join(home, claudePath('s2')));
    expect((await sums(home))[0]).toBe(2);
    appendFileSync(join(home, claudePath('s1')), lines([response('c')]));
    await archive(home);
    expect(JSON.parse(readFileSync(manifestOf(home), 'utf8').split('\n')[0]!).parts).toContainEqual(parts[0]);
    expect((await sums(home))[0]).toBe(3);
  });

  it('a run is later than the last, whatever the clock says, and its name does not grow', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    const future = '29991231T235959999Z';
    const text = readUnsealed(home).replaceAll(/\d{8}T\d{9}Z/g, future);
    const [old] = partsOf(archiveFolder(home));
    renameSync(join(archiveFolder(home), old!), join(archiveFolder(home), old!.replace(/\d{8}T\d{9}Z/, future)));
    writeFileSync(manifestOf(home), text);
    appendFileSync(join(home, claudePath('s1')), lines([response('b')]));
    await archive(home);
    expect(JSON.parse(readFileSync(manifestOf(home), 'utf8').split('\n')[0]!).run).toBe('30000101T000000000Z');
  });
});

/** Names of folders that look like columns of what is read below them. */
const KEYS = ['machine=zz', 'path=q', 'model=x', 'output=5', 'file_id=7', 'run=5', 'repairs=x', 'type=x', 'event=ack'];

describe('folders that are called like columns', () => {
  it('change no sum of logs, archive, prices or alerts', async () => {
    const plain = demoHome();
    const home = join(temporaryFolder(), ...KEYS, 'home');
    cpSync(plain, home, { recursive: true });
    const own = 'provider,model,effective_from,input,output\nanthropic,claude-opus-4-6,,1,2\n';
    for (const folder of [plain, home]) writeFile(join(folder, '.config/clawtrace/prices.csv'), own);
    expect(await sums(home)).toEqual(await sums(plain));
    await archive(home);
    expect(await sums(home)).toEqual(await sums(plain));
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
    rmSync(join(home, '.claude'), { recursive: true });
    rmSync(join(home, '.openclaw'), { recursive: true });
    expect(await sums(home)).toEqual(await sums(plain));
    expect((await ask(['archive', 'status'], { home })).rows).toHaveLength(1);
  });

  it('change no price where the program lies below them', async () => {
    const place = join(temporaryFolder(), 'model=x', 'input=7');
    for (const name of ['dist', 'sql', 'pricing', 'package.json', 'test/demo'])
      cpSync(packagePath(name), join(place, name), { recursive: true });
    symlinkSync(packagePath('node_modules'), join(place, 'node_modules'), 'junction');
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(place, 'dist/cli.js'),
      'daily',
      '--demo',
      '--json',
    ]);
    expect(JSON.parse(stdout).totals).toEqual((await ask(['daily', '--demo'])).totals);
  });
});

/** Variables with which a run of the program does something as soon as it has first read a manifest. */
function onceManifestIsRead(home: string, then: string): Record<string, string> {
  const hook = join(home, 'hook.cjs');
  writeFile(
    hook,
    `const fs = require('node:fs');
    const { openSync, closeSync } = fs;
    let manifest;
    let isDone = false;
    fs.openSync = (path, ...rest) => {
      const file = openSync(path, ...rest);
      if (!isDone && String(path).endsWith('manifest.jsonl')) manifest = file;
      return file;
    };
    fs.closeSync = (file) => {
      closeSync(file);
      if (isDone || file !== manifest) return;
      isDone = true;
      ${then}
    };
    require('node:module').syncBuiltinESMExports();`,
  );
  return { NODE_OPTIONS: `--require "${hook}"` };
}

describe('two archives at once', () => {
  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  const heldBy = async (content: string, since?: string) => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    const lock = join(archiveFolder(home), '.lock');
    writeFile(lock, content, since);
    const { code, stderr } = await spawnClawtrace(['archive'], { home });
    if (code === 0) expect(existsSync(lock)).toBe(false);
    else {
      expect(readFileSync(lock, 'utf8')).toBe(content);
      expect(stderr.trim()).toBe(
        `clawtrace: Another clawtrace is writing to ${archiveFolder(home)}. ` +
          'Try again when it is done; one that was killed gives way after a minute.',
      );
    }
    return { code, stderr, lock };
  };

  it('one says so', async () => {
    expect((await heldBy(`${OWNER} 1`)).code).toBe(1);
  });

  it('the lock of one that is gone is taken over at once, also where another process has its number now', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid!;
    await new Promise((done) => child.on('close', done));
    const [place, own, start] = OWNER.split('-');
    expect((await heldBy(`${place}-${pid}-${start} 1`)).code).toBe(0);
    expect((await heldBy(`${place}-${own}-${Number(start) + 1} 1`)).code).toBe(0);
  });

  it('the lock of a process that cannot be looked up from here holds until it was silent for a minute', async () => {
    for (const content of ['00000000-1-1 1', '']) {
      expect((await heldBy(content)).code, content).toBe(1);
      expect((await heldBy(content, inSeconds(-120))).code, content).toBe(0);
      // no owner that lives can have touched it then
      expect((await heldBy(content, inSeconds(86_400))).code, content).toBe(0);
    }
  });

  it('one that loses its lock on the way leaves the manifest as it is, and says so', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    appendFileSync(join(home, claudePath('s1')), lines([response('b')]));
    const [lock, manifest] = [join(archiveFolder(home), '.lock'), readFileSync(manifestOf(home), 'utf8')];
    const env = onceManifestIsRead(home, `fs.writeFileSync(${JSON.stringify(lock)}, '000000-1');`);
    const { code, stderr } = await spawnClawtrace(['archive'], { home, env });
    expect([code, stderr.trim()]).toEqual([
      1,
      `clawtrace: Another clawtrace took over ${archiveFolder(home)}. Nothing was changed; try again when it is done.`,
    ]);
    expect(readFileSync(manifestOf(home), 'utf8')).toBe(manifest);
    // nor does it take the lock from its new owner
    expect(readFileSync(lock, 'utf8')).toBe('000000-1');
  });

  it('started together, all is archived once', async () => {
    const home = demoHome();
    const live = await sums(home);
    const runs = await Promise.all([1, 2, 3].map(() => spawnClawtrace(['archive'], { home })));
    expect(runs.some(({ code }) => code === 0)).toBe(true);
    for (const { code, stderr } of runs) if (code !== 0) expect(stderr).toContain('Another clawtrace');
    await archive(home);
    for (const folder of ['.claude', '.openclaw']) rmSync(join(home, folder), { recursive: true });
    expect(await sums(home)).toEqual(live);
  });
});

describe('an archive that is written while a report reads it', () => {
  it('is read as it was before, or as it is afterwards', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], [claudePath('s2')]: [response('b')] });
    await archive(home);
    // the report has read the manifest itself, and DuckDB has not yet
    const env = onceManifestIsRead(
      home,
      `const { execFileSync } = require('node:child_process');
      const env = { ...process.env, NODE_OPTIONS: '' };
      execFileSync(process.execPath, [${JSON.stringify(CLI)}, 'archive', '--compact'], { env, stdio: 'ignore' });
      fs.writeFileSync(${JSON.stringify(join(home, 'ran'))}, '');`,
    );
    const { stdout } = await spawnClawtrace(['daily', '--json'], { home, env });
    expect([JSON.parse(stdout).totals.responses, existsSync(join(home, 'ran'))]).toEqual([2, true]);
  });
});

describe('an archive that is stopped on the way', () => {
  /** Kills a run at the nth change in a folder; returns whether it came to that. */
  function killedAt(home: string, change: number, signal: NodeJS.Signals, ...args: string[]): Promise<number | null> {
    mkdirSync(archiveFolder(home), { recursive: true });
    const child = spawn(process.execPath, [CLI, 'archive', ...args], {
      env: { ...process.env, HOME: home, USERPROFILE: home, XDG_DATA_HOME: '', XDG_CONFIG_HOME: '', TZ: 'UTC' },
      stdio: 'ignore',
    });
    let seen = 0;
    // not recursive: below a folder that goes, Node 20 throws what nobody can catch
    const watcher = watch(archiveFolder(home), () => {
      if (++seen >= change) child.kill(signal);
    });
    return new Promise((done) => child.on('close', (code) => (watcher.close(), done(code))));
  }

  it.skipIf(process.platform === 'win32')('opens, verifies, counts once, and leaves nothing behind', async () => {
    const home = temporaryFolder();
    await makeLogs({ home, mebibytes: 1, seed: 21, openclawShare: 0.2, loneShare: 0, end: '2026-05-01' });
    const truth = await sums(home, '--no-archive');
    let stopped = 0;
    // npm run attacks kills 250 runs
    for (let time = 0; time < 4; time++) {
      const signal = time % 3 === 2 ? 'SIGINT' : 'SIGKILL';
      const code = await killedAt(home, 1 + ((time * 5) % 13), signal, ...(time % 2 ? ['--compact'] : []));
      if (code !== 0) stopped++;
      expect(await sums(home)).toEqual(truth);
      if (time === 1) rmSync(archiveFolder(home), { recursive: true });
    }
    expect(stopped).toBeGreaterThan(0);
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
    await archive(home);
    await archive(home);
    const names = readdirSync(archiveFolder(home));
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
    const named = JSON.parse(readFileSync(manifestOf(home), 'utf8').split('\n')[0]!).parts;
    expect(partsOf(archiveFolder(home))).toEqual(named.map(({ path }: { path: string }) => path));
    for (const folder of ['.claude', '.openclaw']) rmSync(join(home, folder), { recursive: true });
    expect(await sums(home)).toEqual(truth);
  });
});

describe('what a report has read', () => {
  const read = (home: string, ...args: string[]): Promise<Run> =>
    spawnClawtrace(['daily', '--json', ...args], { home });
  const outputOf = ({ stdout }: Run): number => JSON.parse(stdout).totals.output_tokens as number;

  it('is in the archive from then on, for when its log is gone', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a', { output: 7 })] });
    const first = await read(home);
    expect([first.code, first.stderr, outputOf(first)]).toEqual([0, '', 7]);
    rmSync(join(home, claudePath('s1')));
    expect(outputOf(await read(home))).toBe(7);
    expect((await clawtrace(['archive', 'verify'], { home })).code).toBe(0);
  });

  it('in a window, or of one source, is no less than the whole later', async () => {
    const home = homeWith({
      [claudePath('old')]: [response('a', { output: 1 }, { timestamp: '2026-01-05T10:00:00.000Z' })],
      [claudePath('new')]: [response('b', { output: 2 }, { timestamp: '2026-04-05T10:00:00.000Z' })],
      '.openclaw/agents/main/sessions/x.jsonl': `{"type":"message","id":"e","timestamp":"2026-04-05T10:00:01Z","message":{"role":"assistant","provider":"anthropic","model":"claude-sonnet-4-6","usage":{"input":1,"output":4}}}\n`,
    });
    // as if the old log had been left alone since
    const old = new Date('2026-01-05T10:00:00Z');
    utimesSync(join(home, claudePath('old')), old, old);
    expect(outputOf(await read(home, '--since', '2026-04-01', '--source', 'claude_code'))).toBe(2);
    expect(readFileSync(manifestOf(home), 'utf8')).not.toContain('x.jsonl');
    expect(outputOf(await read(home))).toBe(7);
    await archive(home);
    for (const folder of ['.claude', '.openclaw']) rmSync(join(home, folder), { recursive: true });
    expect(outputOf(await read(home))).toBe(7);
  });

  it('waits for more where there is little of it, and never for longer than a day', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a', { output: 7 })] });
    await read(home);
    const { mtimeMs } = statSync(manifestOf(home));
    writeFile(join(home, claudePath('s2')), [response('b', { output: 5 })]);
    expect(outputOf(await read(home))).toBe(12);
    expect(statSync(manifestOf(home)).mtimeMs).toBe(mtimeMs);
    writeFile(join(home, claudePath('s3')), [response('c', {}, { said: 'x'.repeat(17e6) })]);
    await read(home);
    expect(readFileSync(manifestOf(home), 'utf8')).toContain('s3.jsonl');
    writeFile(join(home, claudePath('s4')), [response('d', { output: 1 })]);
    const CLAWTRACE_NOW = new Date(Date.now() + 25 * 3_600_000).toISOString();
    await spawnClawtrace(['daily'], { home, env: { CLAWTRACE_NOW } });
    expect(readFileSync(manifestOf(home), 'utf8')).toContain('s4.jsonl');
  });

  it.each([
    ['--no-archive', {}],
    ['--demo', {}],
    ['--logs=.claude', {}],
    ['--last=1d', { '.config/clawtrace/config.toml': '[archive]\nauto = false\n' }],
  ])('stays out of it with %s', async (option, files) => {
    const home = homeWith({ [claudePath('s1')]: [response('a')], ...files });
    expect((await spawnClawtrace(['daily', option], { home, cwd: home })).code).toBe(0);
    expect(existsSync(archiveFolder(home))).toBe(false);
  });

  it('is not worth a word where it cannot be kept', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a', { output: 7 })], '.local': 'a file' });
    const run = await read(home);
    expect([run.code, run.stderr, outputOf(run)]).toEqual([0, '', 7]);
  });
});

describe('several machines', () => {
  const machineHome = (machine: string, files: Record<string, readonly object[]>): string =>
    homeWith({ ...files, '.config/clawtrace/config.toml': `machine = "${machine}"` });

  it('archive into one root, and all count where it is named', async () => {
    const root = temporaryFolder();
    const a = machineHome('a', { [claudePath('s1')]: [response('a', { output: 1 })] });
    const later = response('c', { output: 1 }, { timestamp: '2026-04-03T10:00:00.000Z' });
    const b = machineHome('b', { [claudePath('s2')]: [response('b', { output: 1 }), later] });
    await archive(a, '--archive', root);
    await archive(b, '--archive', root);
    expect(readdirSync(root).sort()).toEqual(['machine=a', 'machine=b']);
    for (const home of [a, b]) {
      expect(await sums(home, '--archive', root)).toEqual([3, 3]);
      expect(await sums(home)).toEqual(home === a ? [1, 1] : [2, 2]);
    }
    const { rows } = await ask(['by', 'machine', '--archive', root], { home: temporaryFolder() });
    expect(rows.map(({ value, output_tokens }) => [value, output_tokens])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
    const { rows: status } = await ask(['archive', 'status', '--archive', root], { home: a });
    expect(status).toMatchObject([
      { machine: 'a', files: 1, files_gone: 0, responses: 1, first_day: '2026-04-01', last_day: '2026-04-01' },
      { machine: 'b', files: 1, files_gone: 1, responses: 2, first_day: '2026-04-01', last_day: '2026-04-03' },
    ]);
    // a writes its own archive only
    expect(await archive(a, '--archive', root, '--compact')).toContain('1 log file, 1 group of lines');
  });

  it('the same home seen from two machines counts once', async () => {
    const root = temporaryFolder();
    const files = {
      [claudePath('s1')]: [response('a', { output: 1 })],
      [claudePath('s2')]: [response('b', { output: 2 })],
    };
    const a = machineHome('a', files);
    const b = machineHome('b', files);
    await archive(a, '--archive', root);
    await archive(b, '--archive', root);
    for (const home of [a, b, temporaryFolder()]) expect(await sums(home, '--archive', root)).toEqual([2, 3]);
  });

  it('--archive takes several roots, globs, and the folder of a machine', async () => {
    const roots = join(temporaryFolder(), 'r [1]');
    for (const machine of ['a', 'b', 'c']) {
      const home = machineHome(machine, { [claudePath(machine)]: [response(machine, { output: 1 })] });
      await archive(home, '--archive', join(roots, machine, 'archive'));
    }
    const home = temporaryFolder();
    const of = (...named: string[]): Promise<[number, number]> =>
      sums(home, ...named.flatMap((name) => ['--archive', join(roots, name)]));
    expect(await of('a/archive')).toEqual([1, 1]);
    expect(await of('a/archive', 'b/archive')).toEqual([2, 2]);
    expect(await of('a/archive', 'a/archive')).toEqual([1, 1]);
    expect(await of('{a,b}/archive')).toEqual([2, 2]);
    expect(await of('*/archive')).toEqual([3, 3]);
    expect(await of('**/archive')).toEqual([3, 3]);
    expect(await of('**/machine=*')).toEqual([3, 3]);
    expect(await of('b/archive/machine=b')).toEqual([1, 1]);
    // a copy of an archive holds the same responses
    cpSync(join(roots, 'a'), join(roots, 'copy of a'), { recursive: true });
    const { rows } = await ask(
      ['query', 'select sum(log_lines)::int as lines from usage', '--archive', join(roots, '*/archive')],
      { home },
    );
    expect(rows).toEqual([{ lines: 3 }]);
    const none = await clawtrace(['daily', '--archive', join(roots, 'x*')], { home });
    expect([none.code, none.stderr.trim()]).toEqual([
      1,
      `clawtrace: there is no archive in ${join(roots, 'x*')}. Name another --archive.`,
    ]);
  });

  it('one machine with two archives: what either of them has counts once', async () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    const home = homeWith({
      [claudePath('s1')]: [response('a', { output: 1 })],
      [claudePath('s2')]: [response('b', { output: 2 })],
    });
    await archive(home, '--archive', first);
    rmSync(join(home, claudePath('s1')));
    appendFileSync(join(home, claudePath('s2')), lines([response('c', { output: 4 })]));
    await archive(home, '--archive', second);
    rmSync(join(home, claudePath('s2')));
    expect(await sums(home, '--archive', first, '--archive', second)).toEqual([3, 7]);
  });
});

describe('which archived logs count', () => {
  it('of --logs, those that lay there', async () => {
    const home = homeWith({
      [claudePath('s1', '-a')]: [response('a', { output: 1 })],
      [claudePath('s2', '-a')]: [response('b', { output: 2 })],
      [claudePath('s3', '-ab')]: [response('c', { output: 4 })],
      '.openclaw/agents/main/sessions/s9.jsonl': [openclawEntry('e1', 8)],
    });
    await archive(home);
    rmSync(join(home, '.claude'), { recursive: true });
    rmSync(join(home, '.openclaw'), { recursive: true });
    const of = async (glob: string): Promise<number> => (await sums(home, '--logs', glob))[1];
    const projects = join(home, '.claude/projects');
    expect(await of(projects)).toBe(7);
    expect(await of(join(projects, '-a'))).toBe(3);
    expect(await of(`${join(projects, '-a')}/`)).toBe(3);
    expect(await of(join(projects, '-a', 's1.jsonl'))).toBe(1);
    expect(await of(join(projects, '*', 's[13].jsonl'))).toBe(5);
    expect(await of(join(home, '**', '*.jsonl'))).toBe(15);
    expect(await of(`openclaw=${home}`)).toBe(8);
    expect(await of(join(home, 'elsewhere'))).toBe(0);
    expect(await sums(home)).toEqual([4, 15]);
  });

  it('not those of the demo', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    const before = await output(home, ['daily', '--demo', '--json']);
    await archive(home);
    expect(await output(home, ['daily', '--demo', '--json'])).toBe(before);
  });

  it('those of a folder that is not looked in any more', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    renameSync(join(home, '.claude'), join(home, 'away'));
    expect(await sums(home)).toEqual([1, 10]);
    // where the same logs are found elsewhere, they are the same responses
    expect(await sums(home, '--logs', join(home, '**/*.jsonl'))).toEqual([1, 10]);
  });
});

describe('other ways to the archive', () => {
  it('a query reads the views and the parts, and no other file', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    rmSync(join(home, claudePath('s1')));
    const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
    cpSync(part, join(home, 'other.parquet'));
    // nor one beside the archive of the machine
    cpSync(part, join(home, ROOT, 'other.parquet'));
    for (const from of ['usage', 'archived_groups', `read_parquet('${part}')`, `'${part}'`]) {
      const { rows } = await ask(['query', `select count(*) as n from ${from}`], { home });
      expect(rows).toEqual([{ n: 1 }]);
    }
    for (const path of [join(home, 'other.parquet'), join(home, ROOT, 'other.parquet')]) {
      const { code, stderr } = await clawtrace(['query', `from read_parquet('${path}')`], { home });
      expect([code, stderr]).toEqual([1, expect.stringContaining('may not read')]);
    }
    const written = await clawtrace(['query', `copy (select 1) to '${part}'`], { home });
    expect(written.code).toBe(1);
  });

  it('init-sql and export give the same sums', async () => {
    const home = demoHome();
    const live = await ask(['daily'], { home });
    await archive(home);
    for (const log of logFiles(home).filter((_, index) => index % 2)) rmSync(log);
    appendFileSync(logFiles(home)[0]!, '\n');
    const script = await clawtrace(['init-sql'], { home });
    expect(script.code, script.stderr).toBe(0);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    const sql = 'select count(*)::int as responses, sum(total_tokens)::bigint as tokens, sum(cost)::varchar as cost';
    const summed = async (from: string): Promise<object[]> =>
      (await connection.runAndReadAll(`${sql} from ${from}`)).getRowObjectsJson();
    await connection.run(script.stdout);
    const [usage] = await summed('usage');
    expect(usage).toMatchObject({ responses: live.totals.responses, tokens: String(live.totals.total_tokens) });
    const path = join(home, 'usage.parquet');
    expect((await clawtrace(['export', 'usage', '-o', path], { home })).code).toBe(0);
    expect(await summed(`'${path}'`)).toEqual([usage]);
    connection.closeSync();
  });

  it('schedule prints what runs it', async () => {
    for (const kind of ['cron', 'systemd', 'launchd', 'claude-hook']) {
      const { code, stdout } = await spawnClawtrace(['schedule', '--print', kind]);
      expect([code, stdout]).toEqual([0, expect.stringContaining('archive')]);
      for (const path of [process.execPath, CLI]) expect(stdout).toContain(path);
    }
    expect((await clawtrace(['schedule'])).code).toBe(1);
  });

  it('what stands in for no parts has their columns', async () => {
    const home = homeWith({ [claudePath('s1')]: [response('a')] });
    await archive(home);
    const part = join(archiveFolder(home), partsOf(archiveFolder(home))[0]!);
    const empty = 'sql/1_sources/_empty.parquet';
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    const columns = async (path: string): Promise<string> => {
      const reader = await connection.runAndReadAll(`from read_parquet('${path}', hive_partitioning = false) limit 0`);
      const types = reader.columnTypes();
      return reader
        .columnNames()
        .map((name, index) => `${name} ${String(types[index])}`)
        .join('\n');
    };
    const expected = await columns(part);
    if (isUpdating() && (await columns(empty)) !== expected) {
      const none = `from read_parquet('${part}', hive_partitioning = false) limit 0`;
      await connection.run(`copy (${none}) to '${empty}' (format parquet)`);
    }
    expect(await columns(empty)).toBe(expected);
    connection.closeSync();
  });
});

describe('any history', () => {
  const step = fc.record({
    session: fc.integer({ min: 0, max: 3 }),
    ids: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
    hasRequest: fc.boolean(),
    next: fc.constantFrom('nothing', 'archive', 'compact', 'delete', 'rewrite'),
  });

  it('has the same days, however it is split over archive, logs and logs that are gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
        const [kept, lived] = [temporaryFolder(), temporaryFolder()];
        for (const [index, { session, ids, hasRequest, next }] of steps.entries()) {
          // one response has one prompt, and grows
          const written = ids.map((id) =>
            claudeLine({
              sessionId: `s${session}`,
              requestId: hasRequest ? `req_${id}` : undefined,
              uuid: `u${index}-${id}-${session}`,
              timestamp: new Date(Date.UTC(2026, 3, 1 + id, 10, index)).toISOString(),
              message: { id: `msg_${id}` },
              usage: { input: 100 + id, output: 1 + index },
            }),
          );
          for (const home of [kept, lived]) {
            const path = join(home, claudePath(`s${session}`));
            mkdirSync(dirname(path), { recursive: true });
            appendFileSync(path, lines(written));
          }
          const log = join(kept, claudePath(`s${session}`));
          if (next !== 'nothing') await archive(kept, ...(next === 'compact' ? ['--compact'] : []));
          if (next === 'delete') rmSync(log);
          if (next === 'rewrite') writeFileSync(log, lines(written.slice(1)));
        }
        const daily = async (home: string): Promise<object[]> => (await ask(['daily'], { home })).rows;
        expect(await daily(kept)).toEqual(await daily(lived));
        await archive(kept);
        expect(await daily(kept)).toEqual(await daily(lived));
      }),
      { numRuns: 4, seed: 5 },
    );
  });
});
