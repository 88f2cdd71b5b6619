import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { rows, type Connection } from '../database/connection.ts';
import type { Fact, Records } from './fact.ts';

/** A commit as git log tells it. */
interface Commit {
  readonly hash: string;
  readonly parents: readonly string[];
  readonly authored_at: string;
  readonly committed_at: string;
  readonly subject: string;
}

type Graph = ReadonlyMap<string, Commit>;

/** A branch and its last commit. */
interface Tip {
  readonly branch: string;
  readonly hash: string;
}

/** What git says of the repositories that the responses were made in. */
export const gitLog: Fact = {
  tables: {
    git_places: { cwd: 'varchar', repository: 'varchar' },
    git_log: {
      repository: 'varchar',
      hash: 'varchar',
      authored_at: 'timestamptz',
      committed_at: 'timestamptz',
      subject: 'varchar',
      pull_request: 'integer',
    },
    git_branches: { repository: 'varchar', branch: 'varchar', hash: 'varchar' },
  },
  find: ({ connection }) => readRepositories(connection),
};

/** What the responses made in a repository ask of it. */
interface Question {
  readonly branches: Set<string>;
  since: number;
}

async function readRepositories(connection: Connection): Promise<Records> {
  const places = (await rows(
    connection,
    `select
      coalesce(cwd, project) as cwd,
      list(distinct git_branch order by git_branch) filter (git_branch is not null) as branches,
      epoch_ms(min(responded_at))::double as since
    from line_groups
    left join session_projects using (source, session_id)
    where line_kind = 'usage'
      and responded_at >= coalesce(getvariable('since_at'), timestamptz '-infinity')
      and responded_at < coalesce(getvariable('until_at'), timestamptz 'infinity')
    group by all
    having coalesce(cwd, project) is not null
    order by all`,
  )) as unknown as { cwd: string; branches: string[] | null; since: number }[];
  const finder = new RepositoryFinder();
  const found: object[] = [];
  const questions = new Map<string, Question>();
  for (const { cwd, branches, since } of places) {
    const repository = await finder.find(cwd);
    if (repository === undefined) continue;
    found.push({ cwd, repository });
    const question = questions.get(repository) ?? { branches: new Set(), since };
    for (const branch of branches ?? []) question.branches.add(branch);
    question.since = Math.min(question.since, since);
    questions.set(repository, question);
  }
  const answers = [];
  for (const [path, question] of questions) answers.push(await readRepository(path, question));
  return {
    git_places: found,
    git_log: answers.flatMap(({ commits }) => commits),
    git_branches: answers.flatMap(({ branches }) => branches),
  };
}

async function readRepository(
  repository: string,
  question: Question,
): Promise<{ commits: object[]; branches: object[] }> {
  const graph = await readGraph(repository, question.since);
  const pulls = pullRequests(graph);
  const commits = [...graph.values()].map((commit) => ({
    repository,
    ...commit,
    pull_request: pulls.numbers.get(commit.hash) ?? null,
  }));
  const tips = await readTips(repository);
  const branches = [...question.branches].flatMap((branch) =>
    commitsOf(branch, graph, tips, pulls).map((hash) => ({ repository, branch, hash })),
  );
  return { commits, branches };
}

/** Seconds that git may take for one question. A repository that takes longer has no commits for us. */
const PATIENCE = 20;
/** Git's own variables would point it elsewhere, in a hook for instance; those of its settings may stay. */
const ENVIRONMENT = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^GIT_(?!CONFIG|EXEC_PATH)/i.test(name)),
);
/** Nothing that a repository's own settings could make git run or write. */
const HARMLESS = ['--no-pager', '--no-optional-locks', '-c', 'log.showSignature=false', '-c', 'core.fsmonitor=false'];

/** Finds the repository of a working directory: the folder that all its worktrees share. */
class RepositoryFinder {
  private readonly roots = new Map<string, string | undefined>();
  private readonly repositories = new Map<string, string | undefined>();

  async find(cwd: string): Promise<string | undefined> {
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

/** Claude Code's worktrees lie in their repository, and go when their work is done. Anything else that is gone is gone. */
function standing(cwd: string): string {
  return isFolder(cwd) ? cwd : cwd.replace(/[/\\]\.claude[/\\]worktrees[/\\].*$/, '');
}

/** A log may say anything: what cannot be a path is no folder. */
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

/** Commits since a time, by hash, each before its parents. Git compares the time of the commit, not of its author. */
async function readGraph(repository: string, since: number): Promise<Graph> {
  const format = `--format=${['%H', '%P', '%aI', '%cI', '%s'].join('%x1f')}`;
  const start = `--since=${new Date(since - DAY).toISOString()}`;
  const log = await ask(repository, ['log', '--all', '--topo-order', '--encoding=UTF-8', start, format]);
  return new Map(lines(log).flatMap((line) => toCommit(line).map((commit) => [commit.hash, commit])));
}

async function readTips(repository: string): Promise<Tip[]> {
  const format = '--format=%(objectname)%1f%(refname)';
  return lines(await ask(repository, ['for-each-ref', format, 'refs/heads', 'refs/remotes'])).map(toTip);
}

/** A subject is shown, so it holds no control characters, and is short. */
const SUBJECT = 100;

function toCommit(line: string): Commit[] {
  const [hash, parents, authored_at, committed_at, ...subject] = line.split('\x1f');
  if (!hash || !authored_at || !committed_at) return [];
  const plain = subject
    .join(' ')
    .replace(/\p{C}+/gu, ' ')
    .trim();
  const short = plain.length > SUBJECT ? `${[...plain].slice(0, SUBJECT - 1).join('')}…` : plain;
  return [{ hash, parents: parents!.split(' ').filter(Boolean), authored_at, committed_at, subject: short }];
}

/** refs/heads/feat/x and refs/remotes/origin/feat/x are both feat/x. */
function toTip(line: string): Tip {
  const [hash, ref] = line.split('\x1f');
  return { branch: ref!.replace(/^refs\/(heads|remotes\/[^/]+)\//, ''), hash: hash! };
}

interface PullRequests {
  readonly numbers: ReadonlyMap<string, number>;
  /** The branch that a merge message names, by commit. */
  readonly branches: ReadonlyMap<string, string>;
}

/**
 * The pull request that brought each commit in: a squash merge names it itself, the commits of a merged
 * branch are the merge's second parent and what came before it on that branch. Later merges are looked at
 * first: what they brought in is not the trunk that an earlier merge went into.
 */
function pullRequests(graph: Graph): PullRequests {
  const numbers = new Map<string, number>();
  const branches = new Map<string, string>();
  const trunk = new Set<string>();
  const isKnown = (hash: string): boolean => trunk.has(hash) || branches.has(hash);
  for (const commit of graph.values()) {
    const merge = mergeOf(commit);
    if (!merge) continue;
    if (!branches.has(commit.hash))
      for (const hash of firstParents(commit.hash, graph, (each) => trunk.has(each))) trunk.add(hash);
    if (merge.number !== undefined) numbers.set(commit.hash, merge.number);
    for (const hash of firstParents(commit.parents[1] ?? '', graph, isKnown)) {
      branches.set(hash, merge.branch ?? '');
      if (merge.number !== undefined) numbers.set(hash, merge.number);
    }
  }
  return { numbers, branches };
}

/** A commit and those before it along first parents, up to the first that is known already. */
function firstParents(start: string, graph: Graph, isKnown: (hash: string) => boolean): string[] {
  const found: string[] = [];
  for (let commit = graph.get(start); commit && !isKnown(commit.hash); commit = graph.get(commit.parents[0] ?? ''))
    found.push(commit.hash);
  return found;
}

/** What the message of a merge says: GitHub's two kinds, GitLab's and git's own. */
function mergeOf({ subject, parents }: Commit): { number?: number; branch?: string } | undefined {
  const merged = /^Merge pull request #(\d{1,9}) from [^/\s]+\/(\S+)/.exec(subject);
  if (merged) return { number: Number(merged[1]), branch: merged[2]! };
  const squashed = /\(#(\d{1,9})\)$/.exec(subject);
  const named = /^Merge (?:remote-tracking )?branch '(?:origin\/)?([^']+)'/.exec(subject);
  if (squashed) return { number: Number(squashed[1]), ...(named ? { branch: named[1]! } : {}) };
  return named && parents.length > 1 ? { branch: named[1]! } : undefined;
}

/** Commits of a branch: along first parents from its tip, or, where it is gone, as merge messages name it. */
function commitsOf(branch: string, graph: Graph, tips: readonly Tip[], pulls: PullRequests): string[] {
  const found = new Set<string>();
  for (const tip of tips.filter((each) => each.branch === branch))
    for (const hash of firstParents(tip.hash, graph, (each) => found.has(each))) found.add(hash);
  for (const [hash, name] of pulls.branches) if (name === branch) found.add(hash);
  return [...found];
}
