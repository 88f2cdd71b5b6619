import { createHash } from 'node:crypto';
import fs, { mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogFile } from '../src/sources/discover.ts';
import { keysOf } from '../src/scanner/keys.ts';
import { readSqliteLogs } from '../src/sources/openclaw-sqlite.ts';
import { ask, spawnClawtrace, homeWith, lines, temporaryFolder, writeFile } from './helpers.ts';

const DATABASE = '.openclaw/agents/main/agent/openclaw-agent.sqlite';
const EVENTS = `create table transcript_events (session_id text not null, seq integer not null,
  event_json text not null, created_at integer not null, primary key (session_id, seq)) strict`;
const ARCHIVES = `create table session_transcript_archives (session_id text not null, generation text not null,
  encoding text not null, archive_blob blob not null, archive_name text not null unique,
  primary key (session_id, generation)) strict`;

/** One line of a transcript with usage, entry z1, as the command line tool zstd compresses it. */
const ZSTD_FRAME =
  '28b52ffd24b52d0400f2c91d18706f0e90465554024c5805fbf7ff5b27715d805caabeab88c0755d474bf1ccd8b724e193ce7eb4a235431867634672cff2fdc34c84cebe3c1923a7a1fb3e62e64d3192676fe87abe39ddf7fcc4e8d6b22baa1a10baaaab42326843b41d830edf4bc8f564e8f5d985ea7be69d9d1b372743dfb3a4fa5603002ef18a14c8197ca1a2ea73b417';

const start = { type: 'session', version: 3, id: 's1', timestamp: '2026-09-02T10:00:00.000Z', cwd: '/src/claw' };
const entry = (id: string, input = 1, more: object = {}): object => ({
  type: 'message',
  id,
  timestamp: '2026-09-02T10:00:01.000Z',
  message: {
    role: 'assistant',
    provider: 'anthropic',
    model: 'claude-sonnet-4-6',
    content: [{ type: 'text', text: 'the secret of the house' }],
    usage: { input, output: 2, cacheRead: 3, cacheWrite: 4 },
  },
  ...more,
});

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const blob = (value: Buffer): string => `x'${value.toString('hex')}'`;

/**
 * Opens a database of OpenClaw, with its tables, for a test to fill. No statement is ever prepared:
 * libsql would not close the database before it is collected.
 */
function openDatabase(path: string, mode = 'wal', schema = `${EVENTS}; ${ARCHIVES}`): Database.Database {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.exec(`pragma journal_mode = ${mode}; ${schema}`);
  return database;
}

function insert(database: Database.Database, events: readonly (object | string)[], session = 's1'): void {
  for (const event of events) {
    const json = typeof event === 'string' ? event : JSON.stringify(event);
    database.exec(`insert into transcript_events
      select ${text(session)}, count(*), ${text(json)}, 0 from transcript_events`);
  }
}

function insertArchive(database: Database.Database, session: string, encoding: string, content: Buffer): void {
  database.exec(`insert into session_transcript_archives values (${text(session)}, 'g1', ${text(encoding)},
    ${blob(content)}, ${text(`${session}.jsonl.deleted.2026-09-02T11-00-00.000Z.zst`)})`);
}

/** A closed database with the given events. */
function makeDatabase(home: string, events: readonly (object | string)[], mode = 'wal'): void {
  const database = openDatabase(join(home, DATABASE), mode);
  insert(database, events);
  database.close();
}

/** A database that stays open until the test ends, as by a running OpenClaw: its events are in the -wal. */
function liveDatabase(path: string): Database.Database {
  const database = openDatabase(path);
  database.exec('pragma wal_autocheckpoint = 0');
  onTestFinished(() => void database.close());
  return database;
}

interface State {
  readonly [file: string]: string;
}

/** Names, bytes and times of all files in a folder. */
function stateOf(folder: string): State {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const { size, mtimeNs, ctimeNs, ino, mode } = statSync(path, { bigint: true });
      const content = statSync(path).isFile() ? readFileSync(path) : '';
      return [path, [size, mtimeNs, ctimeNs, ino, mode, createHash('sha256').update(content).digest('hex')].join(' ')];
    }),
  );
}

async function counted(home: string, args: readonly string[] = []): Promise<{ ids: string[]; warnings: string[] }> {
  const { rows, warnings } = await ask(['query', 'select response_key from usage order by 1', ...args], { home });
  return { ids: rows.map((row) => row.response_key.split(':')[1]), warnings };
}

describe('a database of OpenClaw', () => {
  it('is read like its older logs', async () => {
    const home = temporaryFolder();
    makeDatabase(home, [start, entry('e1', 10), entry('e2', 20, { timestamp: '2026-09-03T10:00:00.000Z' })]);
    const { rows } = await ask(
      ['query', 'select session_id, project, agent, model, input_tokens, cost from usage order by input_tokens'],
      { home },
    );
    const same = { session_id: 's1', project: '/src/claw', agent: 'main', model: 'claude-sonnet-4-6' };
    // 3 and 15 dollars a million, a cache read 0.3, a cache write 3.75
    const rest = (2 * 15 + 3 * 0.3 + 4 * 3.75) / 1e6;
    expect(rows).toEqual([
      { ...same, input_tokens: 10, cost: expect.closeTo(rest + 30 / 1e6, 9) },
      { ...same, input_tokens: 20, cost: expect.closeTo(rest + 60 / 1e6, 9) },
    ]);
    const sources = await ask(['sources'], { home });
    expect(sources.rows.at(-1)).toMatchObject({
      source: 'openclaw',
      files: 1,
      lines: 3,
      responses: 2,
      first_day: '2026-09-02',
      last_day: '2026-09-03',
      bytes: statSync(join(home, DATABASE)).size,
    });
    expect(sources.warnings).toEqual([]);
  });

  it('gives the model that a session chose, and keeps sessions apart', async () => {
    const home = temporaryFolder();
    const database = openDatabase(join(home, DATABASE));
    for (const [session, modelId] of [
      ['s1', 'claude-opus-4-6'],
      ['s2', 'claude-sonnet-4-6'],
    ] as const) {
      const change = { type: 'model_change', id: 'm', timestamp: '2026-09-02T10:00:00.500Z', provider: 'anthropic' };
      const message = { role: 'assistant', usage: { input: 1, output: 1 } };
      insert(database, [{ ...change, modelId }, entry(`e-${session}`, 1, { message })], session);
    }
    database.close();
    const { rows } = await ask(['query', 'select session_id, model from usage order by 1'], { home });
    expect(rows).toEqual([
      { session_id: 's1', model: 'claude-opus-4-6' },
      { session_id: 's2', model: 'claude-sonnet-4-6' },
    ]);
  });

  it('is read with the events that are only in its -wal, and of an unfinished transaction none', async () => {
    const home = temporaryFolder();
    const database = liveDatabase(join(home, DATABASE));
    insert(database, [entry('e1')]);
    expect((await counted(home)).ids).toEqual(['e1']);
    database.exec('begin immediate');
    insert(database, [entry('e2')]);
    expect(await counted(home)).toEqual({ ids: ['e1'], warnings: [] });
    database.exec('commit');
    expect((await counted(home)).ids).toEqual(['e1', 'e2']);
  });

  it('is read where its -wal was left without a -shm', async () => {
    const home = temporaryFolder();
    const path = join(home, DATABASE);
    const original = liveDatabase(join(home, 'original.sqlite'));
    insert(original, [entry('e1')]);
    for (const part of ['', '-wal']) writeFile(path + part, readFileSync(join(home, `original.sqlite${part}`)));
    const before = stateOf(dirname(path));
    expect((await counted(home)).ids).toEqual(['e1']);
    expect(stateOf(dirname(path))).toEqual(before);
  });

  it('is read while it is locked', async () => {
    for (const mode of ['wal', 'delete']) {
      const home = temporaryFolder();
      makeDatabase(home, [entry('e1')], mode);
      const writer = new Database(join(home, DATABASE));
      onTestFinished(() => void writer.close());
      writer.exec('pragma locking_mode = exclusive');
      writer.exec('begin exclusive');
      insert(writer, [entry('e2')]);
      expect(await counted(home)).toEqual({ ids: ['e1'], warnings: [] });
    }
  });

  it('is named by --logs, alone or in a folder', async () => {
    const home = temporaryFolder();
    const path = join(home, 'elsewhere [1] 100%/a?b#c/agents/main/agent/openclaw-agent.sqlite');
    const database = openDatabase(path);
    insert(database, [entry('e1')]);
    database.close();
    for (const named of [path, join(home, 'elsewhere [1] 100%'), `openclaw=${path}`])
      expect(await counted(home, ['--logs', named])).toEqual({ ids: ['e1'], warnings: [] });
  });

  it('counts as changed when its -wal did', async () => {
    const home = temporaryFolder();
    const path = join(home, DATABASE);
    const database = liveDatabase(path);
    insert(database, [entry('e1')]);
    utimesSync(path, new Date('2026-01-01'), new Date('2026-01-01'));
    utimesSync(`${path}-wal`, new Date('2026-09-03'), new Date('2026-09-03'));
    expect((await counted(home, ['--since', '2026-09-01'])).ids).toEqual(['e1']);
    utimesSync(`${path}-wal`, new Date('2026-01-01'), new Date('2026-01-01'));
    expect((await counted(home, ['--since', '2026-09-01'])).ids).toEqual([]);
  });

  it('counts large events, any text, and says which events are damaged', async () => {
    const home = temporaryFolder();
    const content = 'x'.repeat(2 ** 20);
    makeDatabase(home, [
      entry('e1'),
      entry('e2', 1, { content }),
      entry('e3', 1, { cwd: 'half a pair \ud83d', message: { model: 'm', usage: { input: 1 } } }),
      '{"type":"message","id":"e4","message":{"usage":{"inp',
      '[]',
    ]);
    const database = new Database(join(home, DATABASE));
    // text that is no UTF-8: { "type": "message", "x": "\xff" }
    database.exec(`insert into transcript_events values
      ('s1', 90, cast(x'7b2274797065223a226d657373616765222c2278223a22ff227d' as text), 0),
      (cast(x'ff' as text), 91, '{"type":"message"}', 0)`);
    database.close();
    const { ids, warnings } = await counted(home);
    expect(ids).toEqual(['e1', 'e2', 'e3']);
    expect(warnings).toContain(`${join(home, DATABASE)}: 2 damaged transcript events are not counted.`);
    expect((await ask(['sources', '--source', 'openclaw'], { home })).rows.at(-1)).toMatchObject({
      lines: 5,
      damaged_lines: 0,
    });
  });
});

describe('a home in the middle of its migration', () => {
  it('counts each event once, over database, -wal, old log and import archive', async () => {
    const home = homeWith({
      '.openclaw/agents/main/sessions/s1.jsonl': [start, entry('e1'), entry('e2')],
      '.openclaw/agents/main/session-sqlite-import-archive/archive-tier.s1.jsonl.imported-2026-09-01T00-00-00.000Z': [
        start,
        entry('e1'),
        entry('old'),
      ],
    });
    const database = liveDatabase(join(home, DATABASE));
    insert(database, [start, entry('e1'), entry('e2')]);
    database.exec('pragma wal_checkpoint(truncate)');
    insert(database, [entry('wal')]);
    insertArchive(database, 's1', 'identity', Buffer.from(lines([entry('e2'), entry('old')])));
    expect(await counted(home)).toEqual({ ids: ['e1', 'e2', 'old', 'wal'], warnings: [] });
    const { totals } = await ask(['daily'], { home });
    expect(totals).toMatchObject({ responses: 4, input_tokens: 4, output_tokens: 8 });
  });
});

describe('compressed events', () => {
  it('are read as any other, and one that cannot be decoded is said', async () => {
    const home = temporaryFolder();
    const database = openDatabase(
      join(home, DATABASE),
      'wal',
      `create table transcript_events (session_id text, seq integer, event_json text, created_at integer, event_zstd blob)`,
    );
    const frame = blob(Buffer.from(ZSTD_FRAME, 'hex'));
    database.exec(`insert into transcript_events values ('s1', 1, ${text(JSON.stringify(entry('e1')))}, 0, null),
      ('s1', 2, null, 0, ${frame}), ('s1', 3, null, 0, x'28b52ffd'), ('s1', 4, null, 0, null)`);
    database.close();
    const { rows, warnings } = await ask(['daily'], { home });
    expect(rows.map(({ responses }) => responses)).toEqual([2]);
    expect(warnings).toEqual([`${join(home, DATABASE)}: 2 damaged transcript events are not counted.`]);
  });
});

describe('archived transcripts', () => {
  it('are read, plain or compressed, and those that cannot be decoded are named', async () => {
    const home = temporaryFolder();
    const database = openDatabase(join(home, DATABASE));
    insert(database, [entry('e1')]);
    insertArchive(database, 's2', 'identity', Buffer.from(`${lines([entry('i1')])}\n{"torn`));
    insertArchive(database, 's3', 'zstd', Buffer.from(ZSTD_FRAME, 'hex'));
    insertArchive(database, 's4', 'zstd', Buffer.from(ZSTD_FRAME.slice(0, 60), 'hex'));
    insertArchive(database, 's5', 'zstd', Buffer.from('no frame at all'));
    insertArchive(database, 's6', 'brotli', Buffer.from(''));
    database.close();
    const { rows, warnings } = await ask(['query', 'select session_id from usage order by 1'], { home });
    expect(rows.map((row) => row.session_id)).toEqual(['s1', 's2', 's3']);
    expect(warnings).toEqual([
      `${join(home, DATABASE)}: 1 damaged transcript event is not counted.`,
      ...['s4', 's5', 's6'].map(
        (session) =>
          `${join(home, DATABASE)}: the archived transcript ${session}.jsonl.deleted.2026-09-02T11-00-00.000Z.zst ` +
          'cannot be decoded, it is not counted.',
      ),
    ]);
  });

  it('are of the session that their name says, if no column does', async () => {
    const home = temporaryFolder();
    const schema = `${EVENTS};
      create table session_transcript_archives (archive_blob blob, encoding text, archive_name text)`;
    const database = openDatabase(join(home, DATABASE), 'wal', schema);
    database.exec(`insert into session_transcript_archives
      values (${blob(Buffer.from(lines([entry('i1')])))}, 'identity', 's7.jsonl.reset.2026-09-02')`);
    database.close();
    const { rows } = await ask(['query', 'select session_id from usage'], { home });
    expect(rows).toEqual([{ session_id: 's7' }]);
  });
});

describe('a database that cannot be read', () => {
  const other = '.openclaw/agents/other/sessions/s9.jsonl';

  it('is named in one warning, and the other logs count', async () => {
    const home = homeWith({ [other]: [entry('o1')], [DATABASE]: 'this is no database, '.repeat(400) });
    const broken = await counted(home);
    expect(broken.ids).toEqual(['o1']);
    expect(broken.warnings).toEqual([`${join(home, DATABASE)}: left out: it cannot be read (file is not a database).`]);
  });

  it('is told from one of a newer OpenClaw', async () => {
    const home = homeWith({ [other]: [entry('o1')] });
    openDatabase(join(home, DATABASE), 'wal', 'create table transcripts (event blob)').close();
    const newer = await counted(home);
    expect(newer.ids).toEqual(['o1']);
    expect(newer.warnings).toEqual([
      `${join(home, DATABASE)}: left out: it cannot be read (it has no table transcript_events: ` +
        'this OpenClaw keeps its transcripts in another way).',
    ]);
  });

  it('is left out with a warning where libsql has no build', async () => {
    const home = homeWith({ [other]: [entry('o1')] });
    makeDatabase(home, [entry('e1')]);
    // makes libsql look for a build of one's own, which is not there; a process loads it once
    const { stdout } = await spawnClawtrace(['daily', '--json'], { home, env: { LIBSQL_JS_DEV: '1' } });
    const { rows, warnings } = JSON.parse(stdout);
    expect(rows).toMatchObject([{ responses: 1 }]);
    expect(warnings).toEqual([expect.stringMatching(/^OpenClaw's databases .* are not counted: the package libsql/)]);
  });
});

describe('a database that changes while it is read', () => {
  /** Does something each time after a function of the file system has done its work: what OpenClaw may do right then. */
  function after(name: 'writeSync' | 'copyFileSync', change: () => void): void {
    const original = fs[name] as (...args: unknown[]) => unknown;
    const put = (work: (...args: unknown[]) => unknown): void => {
      Object.assign(fs, { [name]: work });
      syncBuiltinESMExports();
    };
    onTestFinished(() => put(original));
    put((...args) => {
      const result = original(...args);
      change();
      return result;
    });
  }

  const once = (work: () => void): (() => void) => {
    let isDone = false;
    return () => {
      if (!isDone) work();
      isDone = true;
    };
  };

  const KEYS = keysOf([{ id: 'varchar' }], []);

  const fileAt = (path: string): LogFile => ({
    source: 'openclaw',
    path,
    bytes: 0,
    modified_at: null,
    isTimeOfWriting: true,
    session_group: '',
    subagent_type: null,
  });

  /** Entries that are read of a database, and the warnings. */
  async function read(path: string): Promise<[ids: string[], warnings: string[]]> {
    const { files, warnings } = await readSqliteLogs([fileAt(path)], temporaryFolder(), KEYS);
    const text = files.map(({ read_path }) => readFileSync(read_path, 'utf8')).join('');
    return [text.split('\n').flatMap((line) => (line ? [JSON.parse(line).id] : [])), warnings];
  }

  it('is read again', async () => {
    const home = temporaryFolder();
    makeDatabase(home, [entry('e1')], 'delete');
    const writer = new Database(join(home, DATABASE));
    onTestFinished(() => void writer.close());
    const change = once(() => insert(writer, [entry('e2')]));
    after('writeSync', change);
    expect(await read(join(home, DATABASE))).toEqual([['e1', 'e2'], []]);
  });

  it('is copied again where its -wal was begun anew between the two copies', async () => {
    const path = join(temporaryFolder(), DATABASE);
    const database = liveDatabase(path);
    insert(database, [entry('e1')]);
    const change = once(() => {
      database.exec('pragma wal_checkpoint(truncate)');
      insert(database, [entry('e2')]);
    });
    after('copyFileSync', change);
    expect(await read(path)).toEqual([['e1', 'e2'], []]);
  });

  it('is left out if that does not end', async () => {
    const home = temporaryFolder();
    makeDatabase(home, [entry('e1')], 'delete');
    const path = join(home, DATABASE);
    let seconds = 0;
    after('writeSync', () => utimesSync(path, 0, ++seconds));
    expect(await read(path)).toEqual([[], [`${path}: left out: it cannot be read (it changed while being read).`]]);
  });

  it('leaves nothing but the lines once it was copied', async () => {
    const [path, folder] = [join(temporaryFolder(), DATABASE), temporaryFolder()];
    insert(liveDatabase(path), [entry('e1')]);
    expect((await readSqliteLogs([fileAt(path)], folder, KEYS)).warnings).toEqual([]);
    expect(readdirSync(folder)).toEqual(['openclaw-0.jsonl']);
  });
});

describe('the folder of the agent', () => {
  it('stays as it is, to the byte and the time', async () => {
    for (const mode of ['wal', 'delete']) {
      const home = temporaryFolder();
      makeDatabase(home, [start, entry('e1')], mode);
      const before = stateOf(home);
      expect((await counted(home)).ids).toEqual(['e1']);
      expect(stateOf(home)).toEqual(before);
    }
  });

  it('stays as it is beside a running OpenClaw', async () => {
    const home = temporaryFolder();
    const database = liveDatabase(join(home, DATABASE));
    insert(database, [start, entry('e1')]);
    const before = stateOf(home);
    expect(Object.keys(before).filter((path) => /-(wal|shm)$/.test(path))).toHaveLength(2);
    expect((await counted(home)).ids).toEqual(['e1']);
    expect(stateOf(home)).toEqual(before);
    insert(database, [entry('e2')]);
    expect((await counted(home)).ids).toEqual(['e1', 'e2']);
  });

  it('leaves no copy behind, and no content in any output', async () => {
    const home = temporaryFolder();
    const database = liveDatabase(join(home, DATABASE));
    insert(database, [start, entry('e1')]);
    const temporary = temporaryFolder();
    const { stdout, stderr } = await spawnClawtrace(['query', 'from openclaw'], { home, env: { TMPDIR: temporary } });
    expect(stdout + stderr).not.toContain('secret of the house');
    expect(readdirSync(temporary)).toEqual([]);
  });
});
