import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isObject, parseObject } from '../files/json-object.ts';
import { isMissing, readOrSay, whyUnreadable } from '../files/regular-file.ts';
import { isSqliteLog, openclawFolder } from './source.ts';

/** What OpenClaw's index says about a session: no label, no peer, nothing that was said. */
export interface IndexedSession {
  readonly agent: string | null;
  readonly session_id: string;
  readonly session_key: string;
  readonly channel: string | null;
  readonly created_via: string | null;
  readonly is_heartbeat: boolean;
  /** False for an earlier session of the same key. */
  readonly is_current: boolean;
}

/** The agent whose folder a file is in. */
export function agentOf(path: string): string | null {
  return /.*[/\\]agents[/\\]([^/\\]+)[/\\]/.exec(path)?.[1] ?? null;
}

/** sessions.json of each agent: from the key of a session to its id, and to the ids it had before. */
export function indexedSessions(files: readonly string[], say: Say): IndexedSession[] {
  return sessionFolders(files).flatMap((folder) => {
    const index = readJson(join(folder, 'sessions.json'), say);
    return Object.entries(index ?? {}).flatMap(([key, entry]) =>
      isObject(entry) ? sessionsOfEntry(agentOf(join(folder, 'sessions.json')), key, entry) : [],
    );
  });
}

/** A session's place in the index, or in entry_json of the database's node for its key. */
function sessionsOfEntry(agent: string | null, session_key: string, entry: object): IndexedSession[] {
  const fields = entry as Record<string, unknown>;
  const earlier = [fields.previousSessionId, ...asList(fields.usageFamilySessionIds)];
  const ids = new Set([fields.sessionId, ...earlier].map(text).filter((id) => id !== null));
  return [...ids].map((session_id) => ({
    agent,
    session_id,
    session_key,
    channel: text(fields.channel),
    created_via: text(fields.createdVia),
    is_heartbeat: text(fields.heartbeatIsolatedBaseSessionKey) !== null,
    is_current: session_id === fields.sessionId,
  }));
}

/** Runs of cron jobs, as cron/runs/<job>.jsonl and the job in cron/jobs.json tell them. */
export function cronRuns(files: readonly string[], say: Say): object[] {
  const states = new Set(files.map(openclawFolder).filter((folder) => folder !== null));
  return [...states].flatMap((state) => {
    const jobs = knownJobs(join(state, 'cron', 'jobs.json'), say);
    const folder = join(state, 'cron', 'runs');
    return list(folder, say)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => (readOrSay(join(folder, name), say) ?? '').split('\n'))
      .flatMap((line) => cronRun(parseObject(line), jobs));
  });
}

function cronRun(line: object | undefined, jobs: Jobs): object[] {
  if (!line) return [];
  const run = line as Record<string, unknown>;
  const usage = isObject(run.usage) ? (run.usage as Record<string, unknown>) : {};
  const job_id = text(run.jobId);
  if (job_id === null || (run.action ?? 'finished') !== 'finished') return [];
  return [
    {
      job_id,
      job_name: text(jobs.get(job_id)?.name),
      agent: text(jobs.get(job_id)?.agentId),
      session_id: text(run.sessionId),
      session_key: text(run.sessionKey),
      status: text(run.status),
      ran_ms: whole(run.runAtMs),
      finished_ms: whole(run.ts),
      duration_ms: whole(run.durationMs),
      model: text(run.model),
      total_tokens: whole(usage.total_tokens),
    },
  ];
}

type Jobs = ReadonlyMap<unknown, Readonly<Record<string, unknown>>>;

function knownJobs(path: string, say: Say): Jobs {
  const jobs = asList((readJson(path, say) as Record<string, unknown> | undefined)?.jobs).filter(isObject);
  return new Map((jobs as Record<string, unknown>[]).map((job) => [job.id, job]));
}

/** A session that runs has <its transcript>.lock beside it. */
export function locks(files: readonly string[], say: Say): object[] {
  return sessionFolders(files).flatMap((folder) =>
    list(folder, say)
      .filter((name) => name.endsWith('.jsonl.lock'))
      .map((name) => ({
        agent: agentOf(join(folder, name)),
        session_id: basename(name, '.jsonl.lock'),
        locked_at: modifiedAt(join(folder, name), say),
      })),
  );
}

/** Where an agent's transcripts are, or were before they moved into its database. */
function sessionFolders(files: readonly string[]): string[] {
  const folders = files.map((path) =>
    isSqliteLog(path) ? join(dirname(dirname(path)), 'sessions') : dirname(path).replace(IMPORTED, ''),
  );
  return [...new Set(folders)].sort();
}

const IMPORTED = /[/\\]session-sqlite-import-archive$/;

/** Takes a warning. */
type Say = (warning: string) => void;

// OpenClaw rewrites these files while it runs: one that is gone or half written says nothing, any other trouble is said.

const readJson = (path: string, say: Say): object | undefined => parseObject(readOrSay(path, say) ?? '');

const list = (folder: string, say: Say): string[] => attempt(folder, say, () => readdirSync(folder).sort()) ?? [];

const modifiedAt = (path: string, say: Say): string | undefined =>
  attempt(path, say, () => statSync(path).mtime.toISOString());

function attempt<Value>(path: string, say: Say, look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (!isMissing(error)) say(`${path}: skipped, it cannot be read (${whyUnreadable(error)}).`);
    return undefined;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' && value.trim() ? value : null);
const whole = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
