import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { Disks } from '../files/disks.ts';
import { firstLine } from '../files/file-lines.ts';
import { expandHome } from '../files/home.ts';
import { parseObject } from '../files/json-object.ts';
import { realPathOf } from '../files/real-path.ts';
import { isMissing, kindOf, readOrSay, whyUnreadable } from '../files/regular-file.ts';
import { lastTime } from './last-time.ts';
import { cleanupPeriodDays } from './retention.ts';
import { isSqliteLog, openclaw, recognise, SOURCES, type Root, type Source } from './source.ts';

/** One log file on disk. */
export interface LogFile {
  readonly source: string;
  readonly path: string;
  readonly bytes: number;
  /** NULL where the time cannot be trusted: packages and archives unpack with made-up ones. */
  readonly modified_at: string | null;
  /** True where that time came with the last byte, and was not set by who copied or unpacked the file. */
  readonly isTimeOfWriting: boolean;
  readonly session_group: string;
  readonly subagent_type: string | null;
}

export interface Found {
  readonly files: LogFile[];
  readonly roots: Root[];
  /** Days after which Claude Code deletes a transcript. */
  readonly cleanupDays: number;
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

/** Milliseconds that may lie between the two times that a system notes for one change: some disks keep whole seconds. */
const CLOCK_TICK = 2000;
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
  const live = new Set(files.filter((file) => mayHold(file, since)).map(groupKey));
  return files.filter((file) => live.has(groupKey(file)) || live.has(`${file.source} ${dirname(file.session_group)}`));
}

/**
 * The time of a file's last change tells its last line, unless somebody set that time: then the line is looked at. The
 * end of a compressed file or a database cannot be: their time holds.
 */
function mayHold({ path, modified_at, isTimeOfWriting }: LogFile, since: Date): boolean {
  if (!modified_at || Date.parse(modified_at) >= since.getTime()) return true;
  return !isTimeOfWriting && PLAIN.test(path) && (lastTime(path) ?? Infinity) >= since.getTime();
}

/** Logs whose lines can be read from the end. */
const PLAIN = /\.jsonl(?!.*\.(gz|zst)$)/;

/** Whether a log of a source would be found at a path, if it were still there. */
export function placesHold({ globs }: Places): (source: string, path: string) => boolean {
  const disks = new Disks();
  const tests = globs.map(({ source, glob }) => {
    const place = realPathOf(resolve(expandHome(glob)), disks).replaceAll('\\', '/');
    const isMatch = picomatch(place, { dot: true });
    return (of: string, path: string): boolean =>
      (source === '' || source === of) && (path === place || path.startsWith(`${place}/`) || isMatch(path));
  });
  return (source, path) => tests.some((test) => test(source, path.replaceAll('\\', '/')));
}

const groupKey = (file: LogFile): string => `${file.source} ${file.session_group}`;
const posix = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));

class Search {
  private readonly files = new Map<string, LogFile>();
  private readonly folders = new Set<string>();
  private readonly links: { path: string; source: Source }[] = [];
  private readonly roots: Root[] = [];
  private readonly warnings = new Set<string>();
  private readonly disks = new Disks();

  found(): Found {
    for (const link of this.links) this.followLink(link.path, link.source);
    const files = [...this.files.values()].sort((a, b) => compare(a.source, b.source) || compare(a.path, b.path));
    const cleanupDays = cleanupPeriodDays(this.roots, this.read);
    return { files, roots: this.roots, cleanupDays, warnings: [...this.warnings] };
  }

  private readonly say = (warning: string): void => void this.warnings.add(warning);

  /** A small file beside the logs. */
  private readonly read = (path: string): string | undefined =>
    this.isOnDeadDisk(path, false) ? undefined : readOrSay(path, this.say);

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
    this.named(path, (file) => source ?? recogniseFile(file));
    const added = [...this.files.values()].filter((file) => !before.has(file.path)).map((file) => file.source);
    const told = source ? [source.name] : [...new Set(added)];
    for (const name of told.length > 0 ? told : [''])
      this.roots.push({ source: name, path, is_found: added.length > 0 });
  }

  private named(path: string, sourceOf: (file: string) => Source | undefined): void {
    const stat = this.statOf(path);
    if (stat === 'unreadable') return;
    if (stat?.isFile()) this.add(realpathSync.native(path), sourceOf(path));
    else if (stat?.isDirectory())
      this.walk(path, (file) =>
        SOURCES.some((known) => known.isLog(posix(file))) ? knownLog(file, sourceOf(file)) : undefined,
      );
    else if (stat) this.sayNoFile(path, stat);
    else {
      const isMatch = picomatch(posix(path), { dot: true });
      this.walk(picomatch.scan(posix(path)).base || '.', (file) => (isMatch(posix(file)) ? sourceOf(file) : undefined));
    }
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
      if (this.isOnDeadDisk(folder, isReal)) return false;
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
      else if (sourceOf(path)) this.sayNoFile(path, entry);
    }
    return true;
  }

  private symbolicLink(path: string, sourceOf: (path: string) => Source | undefined, seen: Set<string>): void {
    const stat = this.statOf(path);
    if (stat === undefined || stat === 'unreadable') return;
    if (stat.isDirectory()) return void this.walk(path, sourceOf, seen);
    const source = sourceOf(path);
    if (source && stat.isFile()) this.links.push({ path, source });
    else if (source) this.sayNoFile(path, stat);
  }

  /** A link into a searched folder is a file that is found there; one that leads outside is not read. */
  private followLink(path: string, source: Source): void {
    try {
      const real = realpathSync.native(path);
      const isInside = [...this.folders].some((folder) => real.startsWith(folder + sep));
      if (isInside) this.add(real, source);
      else
        this.say(
          `${path}: skipped, it links to a file outside the log folders. Name that file with --logs to read it.`,
        );
    } catch (error) {
      this.unreadable(path, error);
    }
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
        isTimeOfWriting: Math.abs(stat.ctimeMs - stat.mtimeMs) < CLOCK_TICK,
        session_group: source.sessionGroup(posix(path)),
        subagent_type: hasMeta ? subagentType(path, this.read) : null,
      });
    } catch (error) {
      this.unreadable(path, error);
    }
  }

  /** What there is at a path: nothing, or something that cannot be looked at, which is said. */
  private statOf(path: string): Stats | 'unreadable' | undefined {
    try {
      return this.isOnDeadDisk(path, false) ? 'unreadable' : statSync(path);
    } catch (error) {
      return this.unreadable(path, error) ? 'unreadable' : undefined;
    }
  }

  private isOnDeadDisk(path: string, isReal: boolean): boolean {
    const disk = isReal ? this.disks.deadAt(path) : this.disks.deadOn(path);
    if (disk !== undefined) this.say(`${disk}: skipped, this disk does not answer. Logs on it are not counted.`);
    return disk !== undefined;
  }

  /** A folder that is not there is no fault. Anything else is said: that of a name in another encoding too. */
  private unreadable(path: string, error: unknown): boolean {
    const isNamed = !path.includes('\ufffd');
    if (isNamed && isMissing(error)) return false;
    this.say(`${path}: skipped, it cannot be read (${isNamed ? whyUnreadable(error) : 'its name is no UTF-8'}).`);
    return true;
  }

  private sayNoFile(path: string, entry: Stats | Dirent): void {
    this.say(`${path}: skipped, it is a ${kindOf(entry) ?? 'special file'}, not a file.`);
  }
}

function knownLog(file: string, source: Source | undefined): Source | undefined {
  return source?.isLog(posix(file)) ? source : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A database may hold its latest events in the file beside it. What is wrong with that shows when it is read. */
function walModified(path: string): number {
  try {
    return statSync(`${path}-wal`).mtimeMs;
  } catch {
    return 0;
  }
}

const metaName = (name: string): string => name.replace(/\.jsonl.*$/, '.meta.json');

/** agent-<id>.meta.json beside a subagent's transcript names its type. */
function subagentType(path: string, read: (path: string) => string | undefined): string | null {
  if (!basename(path).startsWith('agent-')) return null;
  const meta = parseObject(read(metaName(path)) ?? '') as { agentType?: unknown } | undefined;
  return typeof meta?.agentType === 'string' ? meta.agentType : null;
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
