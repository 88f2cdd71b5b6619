import { accessSync, constants, readdirSync, statSync, type BigIntStats } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { archiveFolders, isArchive } from '../archive/manifest.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { realTarget } from '../files/atomic-file.ts';
import { Disks } from '../files/disks.ts';
import { realPathOf } from '../files/real-path.ts';
import type { Values } from '../request/arguments.ts';
import { readRequest, type Request } from '../request/request.ts';
import { configFolder, dataFolder, stateFolder } from '../settings/folders.ts';
import { discover } from '../sources/discover.ts';
import { SOURCES } from '../sources/source.ts';

/** Refuses a path that must not be written. */
export type CheckTarget = (path: string) => void;

/**
 * Every command that writes where the user says asks here first: what agents log and what clawtrace keeps is never
 * written over, by whatever name it is called, nor is a file that is read-only.
 */
export function targetCheck(values: Values, catalog: Catalog): CheckTarget {
  const request = readRequest(values, catalog);
  const disks = new Disks();
  const folders = keptFolders(disks);
  let known: ReadonlySet<string> | undefined;
  return (target) => {
    const path = realPathOf(realTarget(target), disks);
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    const logs = stat?.isFile() ? (known ??= logPaths(request)) : NONE;
    if (logs.has(path)) refuse(path, 'is a log of an agent');
    const why = whyInside(path, folders);
    if (why !== undefined) refuse(path, why);
    if (!stat?.isFile()) return;
    if (isSame(request.config.file, stat)) refuse(path, 'is the config file');
    const twin = stat.nlink > 1 ? [...logs, ...keptFiles(request)].find((file) => isSame(file, stat)) : undefined;
    if (twin !== undefined) refuse(path, `is the same file as ${twin}`);
    if (!isWritable(path, stat)) refuse(path, 'is read-only');
  };
}

const NONE: ReadonlySet<string> = new Set();

function refuse(path: string, why: string): never {
  throw new ClawtraceError(`${path} ${why}. Name another file.`);
}

/** Why nothing is written at a path, whether there is something or not. */
function whyInside(path: string, folders: readonly KeptFolder[]): string | undefined {
  const kept = folders.find(({ folder }) => path === folder || path.startsWith(folder + sep));
  if (kept) return `is in ${kept.folder}, the folder of ${kept.of}`;
  const archive = foldersAbove(path).find(isArchive);
  return archive === undefined ? undefined : `is in the archive ${archive}`;
}

interface KeptFolder {
  readonly folder: string;
  readonly of: string;
}

/** What is written into them would be read as a log, or take the place of what cannot be had again. */
function keptFolders(disks: Disks): KeptFolder[] {
  const folders = [
    ...SOURCES.flatMap(({ roots }) => roots(process.env)).map((folder) => ({ folder, of: "an agent's logs" })),
    { folder: configFolder(), of: 'your configuration' },
    { folder: dataFolder(), of: "clawtrace's archive" },
    { folder: stateFolder(), of: 'your query history' },
  ];
  return folders.map(({ folder, of }) => ({ folder: realPathOf(folder, disks), of }));
}

/** All logs that can be known: those of this command, of the configuration, and of the usual folders. */
function logPaths({ places, config }: Request): ReadonlySet<string> {
  const configured = Object.entries(config.sources).flatMap(([source, { globs }]) =>
    globs.map((glob) => ({ source, glob })),
  );
  const named = discover({ ...places, globs: [...places.globs, ...configured], isOnly: true });
  const usual = discover({ globs: [], isOnly: false, env: process.env });
  return new Set([...named.files, ...usual.files].map(({ path }) => path));
}

/** What clawtrace keeps, file by file. */
function keptFiles({ archiveRoots }: Request): string[] {
  return [configFolder(), dataFolder(), stateFolder(), ...archiveRoots.flatMap(archiveFolders)].flatMap(filesBelow);
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A path, and the folders that it is in. */
function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [path] : [path, ...foldersAbove(folder)];
}

function isSame(file: string, { dev, ino }: BigIntStats): boolean {
  const stat = statOf(file);
  return stat?.dev === dev && stat.ino === ino;
}

function statOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Root may write anything: the mode says what is meant. */
function isWritable(path: string, { mode }: BigIntStats): boolean {
  try {
    accessSync(path, constants.W_OK);
    return (mode & 0o222n) !== 0n;
  } catch {
    return false;
  }
}
