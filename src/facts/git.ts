import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { rows, type Connection } from '../database/connection.ts';
import { Disks } from '../files/disks.ts';
import type { Fact, Records } from './fact.ts';

/** What git says about the repositories that the responses were made in. */
export const gitLog: Fact = {
  tables: {
    git_places: { cwd: 'varchar', repository: 'varchar' },
    git_log: {
      commit_number: 'integer',
      repository: 'varchar',
      hash: 'varchar',
      parents: 'varchar',
      authored_at: 'timestamptz',
      committed_at: 'timestamptz',
      subject: 'varchar',
    },
    git_refs: { repository: 'varchar', ref: 'varchar', hash: 'varchar' },
  },
  find: ({ connection }) => readRepositories(connection),
};

async function readRepositories(connection: Connection): Promise<Records> {
  const places = (await rows(
    connection,
    `select coalesce(cwd, project) as cwd, epoch_ms(min(responded_at))::double as since
    from line_groups
    left join session_projects using (source, session_id)
    where line_kind = 'usage'
      and responded_at >= coalesce(getvariable('since_at'), timestamptz '-infinity')
      and responded_at < coalesce(getvariable('until_at'), timestamptz 'infinity')
    group by all
    having coalesce(cwd, project) is not null
    order by all`,
  )) as unknown as { cwd: string; since: number }[];
  const finder = new RepositoryFinder();
  const found: object[] = [];
  const firsts = new Map<string, number>();
  for (const { cwd, since } of places) {
    const repository = await finder.find(cwd);
    if (repository === undefined) continue;
    found.push({ cwd, repository });
    firsts.set(repository, Math.min(firsts.get(repository) ?? since, since));
  }
  const log: object[] = [];
  const refs: object[] = [];
  for (const [repository, since] of firsts) {
    for (const line of await readLog(repository, since))
      log.push({ ...line, repository, commit_number: log.length + 1 });
    for (const line of await readRefs(repository)) refs.push({ ...line, repository });
  }
  return { git_places: found, git_log: log, git_refs: refs };
}

/** Seconds that git may take for one question. A repository that takes longer has no commits for us. */
const PATIENCE = 20;
/** Git's environment variables would point it elsewhere, for instance in a hook; those for its settings may stay. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG|EXEC_PATH)/i.test(name)),
);
/** Keeps a repository's own settings from making git run or write anything. */
const HARMLESS = ['--no-pager', '--no-optional-locks', '-c', 'log.showSignature=false', '-c', 'core.fsmonitor=false'];

/** Finds the repository of a working directory: the folder that all its worktrees share. */
class RepositoryFinder {
  private readonly disks = new Disks();
  private readonly roots = new Map<string, string | undefined>();
  private readonly repositories = new Map<string, string | undefined>();

  async find(cwd: string): Promise<string | undefined> {
    if (this.disks.deadOn(cwd) !== undefined) return undefined;
    const folder = standing(cwd);
    const root = isAbsolute(folder) && isFolder(folder) ? this.rootOf(folder) : undefined;
    if (root === undefined) return undefined;
    if (!this.repositories.has(root)) {
      const shared = (await ask(root, ['rev-parse', '--git-common-dir']))?.trim();
      this.repositories.set(root, shared ? real(resolve(root, shared)) : undefined);
    }
    return this.repositories.get(root);
  }

  /** The nearest folder with a .git, a file in a worktree. Looked up here: a process for each folder would be slow. */
  private rootOf(folder: string): string | undefined {
    if (!this.roots.has(folder)) {
      const parent = dirname(folder);
      const isRoot = existsSync(join(folder, '.git'));
      this.roots.set(folder, isRoot ? folder : parent === folder ? undefined : this.rootOf(parent));
    }
    return this.roots.get(folder);
  }
}

/** Claude Code's worktrees are inside their repository, and are removed after their work. Other missing folders stay unknown. */
function standing(cwd: string): string {
  return isFolder(cwd) ? cwd : cwd.replace(/[/\\]\.claude[/\\]worktrees[/\\].*$/, '');
}

/** A log may say anything: what cannot be a path is not a folder. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** What git answers; undefined where it is missing, refuses, or takes too long. No shell, no prompt, no network. */
async function ask(folder: string, question: readonly string[]): Promise<string | undefined> {
  const env = {
    ...ENVIRONMENT,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
  const limits = { timeout: PATIENCE * 1000, maxBuffer: 2 ** 28, windowsHide: true };
  const { execFile } = await import('node:child_process');
  return new Promise((done) => {
    try {
      execFile('git', [...HARMLESS, '-C', folder, ...question], { env, ...limits }, (error, stdout) =>
        done(error ? undefined : stdout),
      );
    } catch {
      done(undefined);
    }
  });
}

const lines = (answer: string | undefined): string[] => (answer ?? '').split('\n').filter(Boolean);

const DAY = 86_400_000;

/** Commits since a time, each before its parents. Git compares the time of the commit, not of its author. */
async function readLog(repository: string, since: number): Promise<object[]> {
  const format = `--format=${['%H', '%P', '%aI', '%cI', '%s'].join('%x1f')}`;
  const start = `--since=${new Date(since - DAY).toISOString()}`;
  const log = await ask(repository, ['log', '--all', '--topo-order', '--encoding=UTF-8', start, format]);
  return lines(log).flatMap((line) => {
    const [hash, parents, authored_at, committed_at, ...subject] = line.split('\x1f');
    return hash && authored_at && committed_at
      ? [{ hash, parents, authored_at, committed_at, subject: subject.join(' ') }]
      : [];
  });
}

async function readRefs(repository: string): Promise<object[]> {
  const format = '--format=%(objectname)%1f%(refname)';
  return lines(await ask(repository, ['for-each-ref', format, 'refs/heads', 'refs/remotes'])).map((line) => {
    const [hash, ref] = line.split('\x1f');
    return { hash, ref };
  });
}
