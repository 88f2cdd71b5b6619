import { join } from 'node:path';
import { baseFolder, expandHome, home } from '../files/home.ts';

/** A kind of log: where its agent writes, and which files there are logs. */
export interface Source {
  readonly name: string;
  /** Folders that are searched, whether they exist or not. */
  readonly roots: (env: NodeJS.ProcessEnv) => string[];
  /** path has / between its parts on every system. */
  readonly isLog: (path: string) => boolean;
  /** Files of one session share a group: a window on time takes all of them, or none. */
  readonly sessionGroup: (path: string) => string;
  /** Recognises a first line, for files that the user names without saying what they are. */
  readonly isFirstLine: (line: Record<string, unknown>) => boolean;
}

/** A folder or glob that was searched. */
export interface Root {
  readonly source: string;
  readonly path: string;
  readonly is_found: boolean;
}

const COWORK = 'local-agent-mode-sessions';

const claudeCode: Source = {
  name: 'claude_code',
  roots: (env) => {
    const named = list(env.CLAUDE_CONFIG_DIR);
    if (named.length > 0)
      return named.map((folder) => (/[/\\]projects[/\\]?$/.test(folder) ? folder : join(folder, 'projects')));
    const config = baseFolder(env.XDG_CONFIG_HOME, '.config');
    return [join(home(), '.claude', 'projects'), join(config, 'claude', 'projects'), ...coworkRoots(env)];
  },
  // journal.jsonl of a workflow and set-aside copies are not transcripts
  isLog: (path) =>
    /\.jsonl(\.gz|\.zst)?$/.test(path) &&
    !/(^|\/)journal\.jsonl|\.(orphaned|superseded)/.test(path) &&
    (!path.includes(COWORK) || path.includes('/.claude/projects/')),
  sessionGroup: (path) => {
    const parts = path.split('/');
    const subagents = parts.lastIndexOf('subagents');
    if (subagents > 0) return parts.slice(0, subagents).join('/');
    // old flat agent-<id>.jsonl may belong to any session of its project
    return parts.at(-1)!.startsWith('agent-') ? parts.slice(0, -1).join('/') : path.replace(/\.jsonl.*$/, '');
  },
  isFirstLine: () => true,
};

/** Claude Desktop's local agent mode keeps the same logs, deep below its own folder. */
function coworkRoots(env: NodeJS.ProcessEnv): string[] {
  const folders = {
    darwin: join(home(), 'Library', 'Application Support', 'Claude'),
    win32: join(env.APPDATA || join(home(), 'AppData', 'Roaming'), 'Claude'),
  } as Partial<Record<NodeJS.Platform, string>>;
  const folder = folders[process.platform] ?? join(baseFolder(env.XDG_CONFIG_HOME, '.config'), 'Claude');
  return [join(folder, COWORK)];
}

/** Since 2026.8.1, OpenClaw keeps transcripts in one of these per agent. */
export const isSqliteLog = (path: string): boolean => /(^|[/\\])openclaw-agent\.sqlite$/.test(path);

/** The folder that holds OpenClaw's agents, and its cron jobs beside them. NULL for logs that lie elsewhere. */
export const openclawFolder = (path: string): string | null => /^(.*)[/\\]agents[/\\]/.exec(path)?.[1] ?? null;

export const openclaw: Source = {
  name: 'openclaw',
  roots: (env) => {
    const sessions = list(env.OPENCLAW_SESSIONS_PATH);
    const named = list(env.OPENCLAW_STATE_DIR || env.CLAWDBOT_STATE_DIR || env.OPENCLAW_DIR);
    if (named.length + sessions.length > 0) return [...named.map((folder) => join(folder, 'agents')), ...sessions];
    const base = env.OPENCLAW_HOME ? expandHome(env.OPENCLAW_HOME) : home();
    return ['.openclaw', '.clawdbot', '.moltbot', '.moldbot'].map((folder) => join(base, folder, 'agents'));
  },
  // reset, deleted and imported files hold most of an old install's cost; checkpoints, trajectories,
  // backups and the runs of cron jobs repeat it. An agent's own folder holds logs of Codex, which it drives
  isLog: (path) =>
    /\/agents\/[^/]+\/agent\/openclaw-agent\.sqlite$/.test(path) ||
    (/\.jsonl((\.reset|\.deleted)\.[^/]*|\.imported-[^/]*)?(\.gz|\.zst)?$/.test(path) &&
      !/\.checkpoint\.|\.trajectory\.|\.bak|\.lock$|\/cron\/runs\/|\/agents\/[^/]+\/agent\//.test(path)),
  sessionGroup: (path) => path.replace(/\.jsonl.*$/, '').replace('archive-tier.', ''),
  isFirstLine: (line) => line.type === 'session' && 'version' in line,
};

/** The variable that lists the files that a source's SQL reads. */
export const pathsVariable = (source: string): string => `${source}_paths`;

export const SOURCES: readonly Source[] = [claudeCode, openclaw];

/** The last source that recognises the line: Claude Code, the first, takes any. */
export function recognise(line: Record<string, unknown>): Source {
  return SOURCES.findLast(({ isFirstLine }) => isFirstLine(line))!;
}

function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => expandHome(entry.trim()))
    .filter(Boolean);
}
