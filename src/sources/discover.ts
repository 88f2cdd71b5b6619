import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { firstLine } from '../files/file-lines.ts';
import { expandHome } from '../files/home.ts';
import { isSqliteLog, openclaw, recognise, SOURCES, type Source } from './source.ts';

/** One log file on disk. */
export interface LogFile {
  readonly source: string;
  readonly path: string;
  readonly bytes: number;
  /** NULL where the time cannot be trusted: packages and archives unpack with made-up ones. */
  readonly modified_at: string | null;
  readonly session_group: string;
  readonly subagent_type: string | null;
}

/** A folder or glob that was searched. */
export interface Root {
  readonly source: string;
  readonly path: string;
  readonly is_found: boolean;
}

export interface Found {
  readonly files: LogFile[];
  readonly roots: Root[];
  readonly warnings: string[];
}

/** Where to look. */
export interface Places {
  /** Globs that replace the usual folders of their source; source '' is told by the files. */
  readonly globs: readonly { readonly source: string; readonly glob: string }[];
  /** True if sources without a glob are not searched at all. */
  readonly isOnly: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Earlier times were made up by an archive: no agent wrote logs then. */
const FIRST_LOG = Date.parse('2023-01-01T00:00:00Z');

/** Finds the log files of all sources, each once by its real path, sorted. */
export function discover(places: Places): Found {
  const search = new Search();
  for (const source of SOURCES) {
    const globs = places.globs.filter((place) => place.source === source.name).map((place) => place.glob);
    if (globs.length > 0) for (const glob of globs) search.glob(glob, source);
    else if (!places.isOnly) for (const root of source.roots(places.env)) search.folder(root, source);
  }
  for (const place of places.globs) if (place.source === '') search.glob(place.glob, undefined);
  return search.found();
}

/** Files whose session has a line in the window: an older file of it may hold the original of a replay. */
export function filesSince(files: readonly LogFile[], since: Date): LogFile[] {
  const live = new Set(
    files.filter((file) => !file.modified_at || Date.parse(file.modified_at) >= since.getTime()).map(groupKey),
  );
  return files.filter((file) => live.has(groupKey(file)) || live.has(`${file.source} ${dirname(file.session_group)}`));
}

/** Whether a log of a source would be found at a path, if it were still there. */
export function placesHold({ globs }: Places): (source: string, path: string) => boolean {
  const tests = globs.map(({ source, glob }) => {
    const place = realPath(resolve(expandHome(glob))).replaceAll('\\', '/');
    const isMatch = picomatch(place, { dot: true });
    return (of: string, path: string): boolean =>
      (source === '' || source === of) && (path === place || path.startsWith(`${place}/`) || isMatch(path));
  });
  return (source, path) => tests.some((test) => test(source, path.replaceAll('\\', '/')));
}

/** The real path of what may be gone: that of the nearest folder left, plus the rest of the name. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync.native(path);
  const folder = dirname(path);
  return folder === path ? path : join(realPath(folder), basename(path));
}

/** The folder that a pattern starts from: itself, where it is no pattern. */
function globBase(pattern: string): string {
  const path = resolve(expandHome(pattern));
  if (existsSync(path)) return realpathSync.native(path);
  return picomatch.scan(posix(path)).base || '.';
}

const groupKey = (file: LogFile): string => `${file.source} ${file.session_group}`;
const posix = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

class Search {
  private readonly files = new Map<string, LogFile>();
  private readonly folders = new Set<string>();
  private readonly links: { path: string; source: Source }[] = [];
  private readonly roots: Root[] = [];
  private readonly warnings: string[] = [];

  found(): Found {
    for (const link of this.links) this.followLink(link.path, link.source);
    const files = [...this.files.values()].sort((a, b) => compare(a.source, b.source) || compare(a.path, b.path));
    return { files, roots: this.roots, warnings: this.warnings };
  }

  folder(path: string, source: Source): void {
    this.roots.push({
      source: source.name,
      path,
      is_found: this.walk(path, (file) => (source.isLog(posix(file)) ? source : undefined)),
    });
  }

  /** A file, a folder or a glob that the user named. A name that exists is never read as a pattern. */
  glob(pattern: string, source: Source | undefined): void {
    const path = resolve(expandHome(pattern));
    const before = new Set(this.files.keys());
    const sourceOf = (file: string): Source | undefined => source ?? recogniseFile(file);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) this.add(realpathSync.native(path), sourceOf(path));
    else if (stat?.isDirectory())
      this.walk(path, (file) =>
        SOURCES.some((known) => known.isLog(posix(file))) ? knownLog(file, sourceOf(file)) : undefined,
      );
    else {
      const isMatch = picomatch(posix(path), { dot: true });
      this.walk(globBase(pattern), (file) => (isMatch(posix(file)) ? sourceOf(file) : undefined));
    }
    const added = [...this.files.values()].filter((file) => !before.has(file.path)).map((file) => file.source);
    const told = source ? [source.name] : [...new Set(added)];
    for (const name of told.length > 0 ? told : [''])
      this.roots.push({ source: name, path, is_found: added.length > 0 });
  }

  /**
   * Returns whether the folder exists. Folders are followed by real path, so that each is read once
   * for what was named;
   * what lies in a real folder, and is no link, is real itself.
   */
  private walk(
    folder: string,
    sourceOf: (path: string) => Source | undefined,
    seen = new Set<string>(),
    isReal = false,
  ): boolean {
    let real;
    let entries;
    try {
      real = isReal ? folder : realpathSync.native(folder);
      if (seen.has(real)) return true;
      seen.add(real);
      this.folders.add(real);
      entries = readdirSync(real, { withFileTypes: true });
    } catch (error) {
      return this.unreadable(folder, error);
    }
    const names = new Set(entries.map((entry) => entry.name));
    for (const entry of entries) {
      const path = join(real, entry.name);
      if (entry.isDirectory()) this.walk(path, sourceOf, seen, true);
      else if (entry.isFile()) this.add(path, sourceOf(path), names.has(metaName(entry.name)));
      else if (entry.isSymbolicLink()) this.symbolicLink(path, sourceOf, seen);
    }
    return true;
  }

  private symbolicLink(path: string, sourceOf: (path: string) => Source | undefined, seen: Set<string>): void {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) this.walk(path, sourceOf, seen);
    else {
      const source = stat?.isFile() ? sourceOf(path) : undefined;
      if (source) this.links.push({ path, source });
    }
  }

  /** A link into a searched folder is a file that is found there; one that leads outside is not read. */
  private followLink(path: string, source: Source): void {
    const real = realpathSync.native(path);
    const isInside = [...this.folders].some((folder) => real.startsWith(folder + sep));
    if (isInside) this.add(real, source);
    else
      this.warnings.push(
        `${path}: skipped, it links to a file outside the log folders. Name that file with --logs to read it.`,
      );
  }

  private add(path: string, source: Source | undefined, hasMeta = true): void {
    // another glob may have found it, and named its source
    if (!source || this.files.has(path)) return;
    try {
      const stat = statSync(path);
      const modified = Math.max(stat.mtimeMs, isSqliteLog(path) ? walModified(path) : 0);
      const isTrusted = modified >= FIRST_LOG;
      this.files.set(path, {
        source: source.name,
        path,
        bytes: stat.size,
        modified_at: isTrusted ? new Date(modified).toISOString() : null,
        session_group: source.sessionGroup(posix(path)),
        subagent_type: hasMeta ? subagentType(path) : null,
      });
    } catch (error) {
      this.unreadable(path, error);
    }
  }

  /** A folder that does not exist is not an error. Anything else is a warning, even a name in another encoding. */
  private unreadable(path: string, error: unknown): boolean {
    const { code } = error as NodeJS.ErrnoException;
    const isNamed = !path.includes('\ufffd');
    if (isNamed && (code === 'ENOENT' || code === 'ENOTDIR')) return false;
    this.warnings.push(`${path}: skipped, it cannot be read (${isNamed ? code : 'its name is no UTF-8'}).`);
    return true;
  }
}

function knownLog(file: string, source: Source | undefined): Source | undefined {
  return source?.isLog(posix(file)) ? source : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A database may hold its latest events in the file beside it. */
function walModified(path: string): number {
  return statSync(`${path}-wal`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const metaName = (name: string): string => name.replace(/\.jsonl.*$/, '.meta.json');

/** agent-<id>.meta.json beside a subagent's transcript names its type. */
function subagentType(path: string): string | null {
  if (!basename(path).startsWith('agent-')) return null;
  try {
    const meta = JSON.parse(readFileSync(metaName(path), 'utf8')) as { agentType?: unknown };
    return typeof meta.agentType === 'string' ? meta.agentType : null;
  } catch {
    return null;
  }
}

/** Tells a file's source by its first line. */
function recogniseFile(path: string): Source {
  if (isSqliteLog(path)) return openclaw;
  try {
    return recognise(JSON.parse(firstLine(path)) as Record<string, unknown>);
  } catch {
    return recognise({});
  }
}
