import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** File systems behind which another machine, or a process, has to answer. */
const REMOTE =
  /^(9p|afs|autofs|beegfs|ceph|cifs|coda|davfs|fuse(\..+)?|gfs2|glusterfs|lustre|ncpfs|nfs4?|ocfs2|orangefs|smb3|smbfs|vboxsf|virtiofs)$/;

/** Milliseconds that such a disk has to list its first folder. */
const PATIENCE = 5000;
/** As many links as Linux follows. */
const MOST_LINKS = 40;

/**
 * Tells which disks do not answer: whoever looks at a path on one of them waits for ever, and cannot be stopped. Only
 * Linux lists its disks where reading the list touches none of them; elsewhere every disk is taken to answer.
 */
export class Disks {
  private readonly kinds = readKinds();
  private readonly hasRemote = [...this.kinds.values()].some((kind) => REMOTE.test(kind));
  private readonly isDead = new Map<string, boolean>();

  /** The disk on the way to a path that does not answer, if one does not. Links are followed, each on its own disk. */
  deadOn(path: string): string | undefined {
    let at = '/';
    let names = this.hasRemote ? namesOf(path) : [];
    for (let links = 0; names.length > 0 && links <= MOST_LINKS;) {
      const next = join(at, names[0]!);
      const dead = this.deadAt(next);
      if (dead !== undefined) return dead;
      const target = linkAt(next);
      names = [...namesOf(target ?? ''), ...names.slice(1)];
      if (target === undefined) at = next;
      else links++;
      if (target?.startsWith('/')) at = '/';
    }
    return undefined;
  }

  /** The disk that a real path lies on, if that does not answer. */
  deadAt(path: string): string | undefined {
    if (!this.hasRemote) return undefined;
    let disk = path;
    while (!this.kinds.has(disk) && disk !== '/') disk = dirname(disk);
    if (!REMOTE.test(this.kinds.get(disk) ?? '')) return undefined;
    if (!this.isDead.has(disk)) this.isDead.set(disk, !answers(disk));
    return this.isDead.get(disk) ? disk : undefined;
  }
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function linkAt(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** What a process of its own waits for can be stopped. */
function answers(disk: string): boolean {
  const { error } = spawnSync('ls', ['-f', '--', disk], { stdio: 'ignore', timeout: PATIENCE, killSignal: 'SIGKILL' });
  return (error as NodeJS.ErrnoException | undefined)?.code !== 'ETIMEDOUT';
}

function readKinds(): ReadonlyMap<string, string> {
  if (process.platform !== 'linux') return new Map();
  try {
    return kindsIn(readFileSync('/proc/self/mounts', 'utf8'));
  } catch {
    return new Map();
  }
}

/** Where disks are mounted, and what they are: one a line, as fstab(5) spells them. What comes later lies on top. */
export function kindsIn(mounts: string): ReadonlyMap<string, string> {
  const lines = mounts.split('\n').map((line) => line.split(' '));
  return new Map(lines.flatMap(([, place, kind]) => (place && kind ? [[unescaped(place), kind] as const] : [])));
}

const unescaped = (place: string): string =>
  place.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
