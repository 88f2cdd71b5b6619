import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decompress } from 'fzstd';
import type { Database } from 'libsql';
import type { LogFile } from './discover.ts';
import { parseObject } from '../files/json-object.ts';
import { agentOf, type IndexedSession } from './openclaw-index.ts';
import { PRIVATE } from '../files/private-files.ts';
import { openRegular } from '../files/regular-file.ts';
import { jsonLine, pick, type Keys } from '../scanner/keys.ts';

/** A line of a transcript, undecoded. */
interface Line {
  readonly session: string;
  readonly text: string | undefined;
}

type Attach = (uri: string) => Database;

/** A database, and what is read in its place. */
interface SpooledFile {
  readonly path: string;
  readonly read_path: string;
}

type StoredSession = Omit<IndexedSession, 'agent'>;

/**
 * Writes what OpenClaw's databases hold as JSON lines into the folder, for the same view that reads its
 * older logs. Returns what to read in the place of each that can be read, and what the databases say of their
 * sessions.
 */
export async function readSqliteLogs(
  databases: readonly LogFile[],
  folder: string,
  keys: Keys,
): Promise<{ files: SpooledFile[]; sessions: IndexedSession[]; warnings: string[] }> {
  if (databases.length === 0) return { files: [], sessions: [], warnings: [] };
  const attach = await loadLibsql();
  if (!attach) return { files: [], sessions: [], warnings: [NOT_LOADED] };
  const sessions: IndexedSession[] = [];
  const warnings: string[] = [];
  const files = databases.flatMap((file, index) => {
    const spool = join(folder, `openclaw-${index}.jsonl`);
    const copy = join(folder, `openclaw-${index}.sqlite`);
    try {
      const content = readSnapshot(file.path, copy, (uri) => spoolDatabase(attach, uri, spool, keys));
      sessions.push(...content.sessions.map((session) => ({ ...session, agent: agentOf(file.path) })));
      warnings.push(...content.problems.map((problem) => `${file.path}: ${problem}`));
      return [{ path: file.path, read_path: spool }];
    } catch (error) {
      warnings.push(`${file.path}: left out: it cannot be read (${(error as Error).message.split('\n')[0]}).`);
      return [];
    } finally {
      removeCopy(copy);
    }
  });
  return { files, sessions, warnings };
}

const NOT_LOADED =
  "OpenClaw's databases (openclaw-agent.sqlite) are not counted: " +
  `the package libsql is not installed, or has no build for this system (${process.platform} ${process.arch}).`;

/** A database is attached to one in memory: libsql closes a file only once its statements are collected. */
async function loadLibsql(): Promise<Attach | undefined> {
  try {
    const { default: Libsql } = await import('libsql');
    return (uri) => {
      const database = new Libsql(':memory:');
      database.prepare('attach ? as agent').run(uri);
      return database;
    };
  } catch {
    return undefined;
  }
}

const ATTEMPTS = 5;

/**
 * Reads a database as it is at one moment, without a trace in its folder. SQLite's mode=ro leaves
 * traces: it creates -wal and -shm where they are missing, and writes into a -shm that is there.
 * immutable=1 leaves none, but sees neither -wal nor locks. So a database that is whole by itself is
 * read in place as immutable, and any other is copied with its -wal, and the copy read.
 */
function readSnapshot<Value>(path: string, copy: string, read: (uri: string) => Value): Value {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const parts = partsOf(path);
    const state = stateOf(path, parts);
    if (parts.length === 1) {
      const value = read(`${pathToFileURL(path)}?mode=ro&immutable=1`);
      if (stateOf(path, partsOf(path)) === state) return value;
    } else if (copyParts(path, copy, parts) && stateOf(path, partsOf(path)) === state)
      return read(pathToFileURL(copy).href);
  }
  throw new Error('it changed while being read');
}

/** Suffixes of the files that hold the database: the database itself comes first. */
function partsOf(path: string): string[] {
  return ['', ...['-wal', '-journal'].filter((part) => sizeOf(path + part) > 0)];
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Tells whether a copy is of one moment. With a -wal that is so unless the -wal was restarted, which changes
 * its head: whatever moved from it into the database meanwhile is still in the copy of the -wal,
 * which is made last, and what was added meanwhile counts once it is complete.
 */
function stateOf(path: string, parts: readonly string[]): string {
  if (parts.includes('-wal')) return headOf(`${path}-wal`);
  return parts
    .map((part) => statSync(path + part, { bigint: true, throwIfNoEntry: false }))
    .map((stat) => `${stat?.size} ${stat?.mtimeNs}`)
    .join();
}

const WAL_HEAD = 32;

function headOf(path: string): string {
  const head = Buffer.alloc(WAL_HEAD);
  try {
    const file = openRegular(path);
    const length = readSync(file, head);
    closeSync(file);
    return head.toString('hex', 0, length);
  } catch {
    return 'gone';
  }
}

/** False if a part went away meanwhile. */
function copyParts(path: string, copy: string, parts: readonly string[]): boolean {
  try {
    for (const part of parts) {
      copyFileSync(path + part, copy + part, constants.COPYFILE_FICLONE);
      chmodSync(copy + part, PRIVATE);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A copy holds whole conversations: it is deleted as soon as it has been read. */
function removeCopy(copy: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(copy + part, { force: true });
}

/** Returns what the database says of its sessions, and what could not be read. */
function spoolDatabase(
  attach: Attach,
  uri: string,
  spool: string,
  keys: Keys,
): { sessions: StoredSession[]; problems: string[] } {
  const database = attach(uri);
  try {
    if (!hasColumn(database, 'transcript_events', 'event_json'))
      throw new Error('it has no table transcript_events: this OpenClaw keeps its transcripts in another way');
    const broken: string[] = [];
    const damaged = spoolLines(spool, keys, [eventsOf(database), archivesOf(database, broken)]);
    const problems = [
      ...(damaged > 0
        ? [`${damaged} damaged transcript ${damaged === 1 ? 'event is' : 'events are'} not counted.`]
        : []),
      ...broken.map((name) => `the archived transcript ${name} cannot be decoded, it is not counted.`),
    ];
    return { sessions: sessionsOf(database), problems };
  } finally {
    database.exec('detach agent');
  }
}

const BATCH = 2 ** 20;

/** Writes the lines that are JSON, and counts those that are not. */
function spoolLines(spool: string, keys: Keys, sources: readonly Iterable<Line>[]): number {
  const file = openSync(spool, 'w', PRIVATE);
  let damaged = 0;
  let batch = '';
  const flush = (): void => {
    for (let bytes = Buffer.from(batch); bytes.length > 0;) bytes = bytes.subarray(writeSync(file, bytes));
    batch = '';
  };
  try {
    for (const source of sources) {
      for (const line of source) {
        const slim = slimmed(line, keys);
        if (slim) batch += slim;
        else damaged++;
        if (batch.length > BATCH) flush();
      }
    }
    flush();
  } finally {
    closeSync(file);
  }
  return damaged;
}

function slimmed({ session, text }: Line, keys: Keys): string | undefined {
  const record = parseObject(text!);
  return record && jsonLine(pick({ ...record, sessionId: session }, keys));
}

/** Bytes of an event above which it is fetched alone: libsql fetches a hundred rows at once. */
const LARGE = 2 ** 18;

// Text is read as a blob everywhere: libsql ends the process on text that is no UTF-8.
type Blob = ArrayBuffer | Uint8Array | null;
const UTF8 = new TextDecoder();

/** Since 2026.9.6 a long event is kept compressed, as event_zstd, and its event_json is NULL. */
function* eventsOf(database: Database): Generator<Line> {
  const packed = hasColumn(database, 'transcript_events', 'event_zstd') ? 'event_zstd' : 'null';
  const rows = database.prepare(
    `select seq, cast(session_id as blob) as session,
      case when octet_length(event_json) <= ${LARGE} then cast(event_json as blob) end as text
    from agent.transcript_events`,
  );
  const alone = database.prepare(
    `select cast(event_json as blob) as text, ${packed} as packed
    from agent.transcript_events where session_id = ? and seq = ?`,
  );
  for (const row of rows.iterate() as Iterable<{ seq: number; session: Blob; text: Blob }>) {
    const session = decode(row.session) ?? '';
    yield { session, text: decode(row.text) ?? textOf(alone.get(session, row.seq) as Stored | undefined) };
  }
}

type Stored = Readonly<Record<'text' | 'packed', Blob>>;

function textOf(stored: Stored | undefined): string | undefined {
  return decode(stored?.text) ?? unpack(stored?.packed ?? null, 'zstd');
}

const ARCHIVES = 'session_transcript_archives';

/** Lines of deleted and reset sessions. Archives that cannot be decoded are added to broken. */
function* archivesOf(database: Database, broken: string[]): Generator<Line> {
  if (!hasColumn(database, ARCHIVES, 'archive_blob')) return;
  const session = hasColumn(database, ARCHIVES, 'session_id') ? 'session_id' : 'archive_name';
  const archive = database.prepare(
    `select cast(archive_name as blob) as name, cast(${session} as blob) as session,
      cast(encoding as blob) as encoding, cast(archive_blob as blob) as content
    from agent.${ARCHIVES} where rowid = ?`,
  );
  for (const { rowid } of database.prepare(`select rowid from agent.${ARCHIVES}`).all() as { rowid: number }[]) {
    const row = archive.get(rowid) as Record<'name' | 'session' | 'encoding' | 'content', Blob>;
    const text = unpack(row.content, decode(row.encoding));
    if (text === undefined) broken.push(decode(row.name) ?? String(rowid));
    for (const line of text?.split('\n') ?? [])
      if (line.trim() !== '') yield { session: (decode(row.session) ?? '').replace(/\.jsonl.*$/, ''), text: line };
  }
}

function unpack(content: Blob, encoding: string | undefined): string | undefined {
  try {
    if (encoding === 'identity') return decode(content);
    return encoding === 'zstd' && content ? decode(decompress(new Uint8Array(content))) : undefined;
  } catch {
    return undefined;
  }
}

function decode(blob: Blob | undefined): string | undefined {
  return blob ? UTF8.decode(blob) : undefined;
}

function hasColumn(database: Database, table: string, column: string): boolean {
  const found = database.prepare(`select 1 from pragma_table_info('${table}', 'agent') where name = '${column}'`).get();
  return found !== undefined;
}

const WINDOWS = 'session_windows';
const NODES = 'session_nodes';

/**
 * Every session that the database knows by its key, reset ones included: each has a window, and the key a
 * node. entry_json is the entry that sessions.json had.
 */
function sessionsOf(database: Database): StoredSession[] {
  if (!hasColumn(database, WINDOWS, 'session_key')) return [];
  const has = (column: string): boolean => hasColumn(database, NODES, column);
  const channel = hasColumn(database, WINDOWS, 'channel') ? `${WINDOWS}.channel` : 'null';
  const rows = database.prepare(
    `select
      cast(${WINDOWS}.session_id as blob) as session,
      cast(${WINDOWS}.session_key as blob) as session_key,
      cast(${channel} as blob) as channel,
      cast(${has('created_via') ? `${NODES}.created_via` : 'null'} as blob) as created_via,
      ${has('entry_json') ? `instr(${NODES}.entry_json, '"heartbeatIsolatedBaseSessionKey":"')` : '0'} as heartbeat,
      ${has('current_session_id') ? `${NODES}.current_session_id = ${WINDOWS}.session_id` : '1'} as is_current
    from agent.${WINDOWS}
    ${has('session_key') ? `left join agent.${NODES} on ${NODES}.session_key = ${WINDOWS}.session_key` : ''}`,
  );
  return (rows.all() as Record<string, Blob | number>[]).map((row) => ({
    session_id: decode(row.session as Blob) ?? '',
    session_key: decode(row.session_key as Blob) ?? '',
    channel: decode(row.channel as Blob) ?? null,
    created_via: decode(row.created_via as Blob) ?? null,
    is_heartbeat: Boolean(row.heartbeat),
    is_current: Boolean(row.is_current),
  }));
}
