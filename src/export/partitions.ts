import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { leftoversIn, sync, syncFolder, withRemoval, writeBeside } from '../files/atomic-file.ts';
import { rows as readRows } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { quoted } from '../output/sql-text.ts';
import { isAbandoned, OWNER } from '../files/owner.ts';
import { makePrivateFolder, PRIVATE } from '../files/private-files.ts';
import { readSmallFile } from '../files/regular-file.ts';
import { metadata, parquetValue } from './parquet.ts';
import { copy, PARQUET, spool, type Rows } from './rows.ts';

/** Lists the files in the folder that exports wrote: only they are ever replaced or removed. */
const LIST = '_clawtrace.json';
const DATA = 'data.parquet';

/** Folders as Hive names them, whose files are our data. */
const OURS = /^([^/=]+=[^/]*\/)+data\.parquet$/;

export interface Partitioned {
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes the rows as a folder of Parquet files, one for each value of the keys. Each file is replaced as
 * a whole, and files of the last export that have no rows any more go at the end. The manifest lists
 * old and new files before the first one changes, so a run that is killed half way leaves nothing that
 * the next would not know as ours, and no response in two files.
 */
export async function writePartitions(
  path: string,
  keys: readonly string[],
  open: (staging: string) => Promise<Rows>,
  check: (path: string) => void,
): Promise<Partitioned> {
  check(path);
  const { folder, isNew } = openFolder(path);
  try {
    const old = oldFiles(folder);
    const staging = join(folder, `.export.${OWNER}.clawtrace`);
    return await withRemoval(staging, async () => {
      makePrivateFolder(staging);
      const rows = await open(staging);
      const files = await stage(rows, keys, staging);
      // a folder among them may be a link to anywhere
      for (const file of [LIST, ...old, ...files.keys()]) check(join(folder, file));
      await writeList(folder, [...old, ...files.keys()]);
      moveAll(folder, [...files.keys()], staging);
      for (const file of old) if (!files.has(file)) removeFile(folder, file);
      await writeList(folder, [...files.keys()]);
      const bytes = [...files.keys()].map((file) => statSync(join(folder, file)).size);
      return { rows: sum([...files.values()]), files: files.size, bytes: sum(bytes) };
    });
  } finally {
    if (isNew) removeIfEmpty(folder);
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function openFolder(path: string): { folder: string; isNew: boolean } {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isDirectory())
    throw new ClawtraceError(`${path} is not a folder. With --partition-by, -o must name one.`);
  if (there) return { folder: realpathSync(path), isNew: false };
  if (!existsSync(dirname(resolve(path))))
    throw new ClawtraceError(`there is no folder ${dirname(resolve(path))}. Create it first.`);
  makePrivateFolder(path);
  return { folder: realpathSync(path), isNew: true };
}

/** Files of the last export. There must be no others: whoever reads the folder would count them, too. */
function oldFiles(folder: string): string[] {
  for (const { path, owner } of leftoversIn(folder)) {
    if (!isAbandoned(owner, path))
      throw new ClawtraceError(`another export to ${folder} is running. Try again when it is done.`);
    rmSync(path, { recursive: true, force: true });
  }
  const listed = readList(folder);
  const foreign = parquetFilesIn(folder).find((file) => !listed.includes(file));
  if (foreign) {
    throw new ClawtraceError(
      `${join(folder, foreign)} is not from an export, and would be counted with ours. Name another folder.`,
    );
  }
  return listed.filter((file) => existsSync(join(folder, file)));
}

function readList(folder: string): string[] {
  const path = join(folder, LIST);
  if (!existsSync(path)) return [];
  try {
    const { files } = JSON.parse(readSmallFile(path)) as { files: string[] };
    return files.filter((file) => OURS.test(file));
  } catch {
    throw new ClawtraceError(`${path} is damaged. Name another folder.`);
  }
}

const writeList = (folder: string, files: readonly string[]): Promise<void> =>
  writeBeside(join(folder, LIST), (temporary) => {
    const list = [...new Set(files)].sort();
    writeFileSync(temporary, `${JSON.stringify({ producer: 'clawtrace', files: list }, undefined, 1)}\n`);
  });

function parquetFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => name.split(sep).join('/'));
}

/** Writes the files, and returns their names with the number of rows in each. */
async function stage(rows: Rows, keys: readonly string[], staging: string): Promise<Map<string, number>> {
  checkKeys(rows, keys);
  const { connection } = rows;
  const withKeys = { ...rows, columns: [...rows.columns, ...keys.map((_, index) => keyColumn(index))] };
  const spooled = await spool(withKeys, (column) => {
    const index = withKeys.columns.indexOf(column) - rows.columns.length;
    return index < 0 ? parquetValue(column) : keyValue(rows, keys[index]!);
  });
  const names = keys.map((_, index) => quoted(keyColumn(index).name));
  const partitions = await readRows(connection, `select distinct ${names} from ${spooled.file} order by all`);
  if (partitions.length > MOST_FILES) {
    throw new ClawtraceError(
      `--partition-by ${keys.join(',')} would write ${partitions.length} files, more than ${MOST_FILES}. Use fewer keys.`,
    );
  }
  const columns = rows.columns.filter(({ name }) => !keys.includes(name)).map(({ name }) => quoted(name));
  const files = new Map<string, number>();
  for (const partition of partitions) {
    const values = keys.map((_, index) => partition[keyColumn(index).name] as string | null);
    const file = [...values.map((value, index) => folderOf(keys[index]!, value)), DATA].join('/');
    const condition = names.map((name, index) => `${name} is not distinct from $value_${index}`);
    const bound = Object.fromEntries(values.map((value, index) => [`value_${index}`, value]));
    const select = `select ${columns.join(', ')} from ${spooled.file} where ${condition.join(' and ')}`;
    createStaged(staged(staging, file));
    files.set(file, await copy(rows, select, staged(staging, file), `${PARQUET}, ${metadata(rows)}`, bound));
  }
  if (sum([...files.values()]) !== spooled.count) throw new Error('export: the partitions do not add up.');
  return files;
}

const MOST_FILES = 10_000;

/** Where a file waits: under a name that no pattern for Parquet files matches, whatever a killed run leaves behind. */
const staged = (staging: string, file: string): string => join(staging, file.replace(/\.parquet$/, ''));

const keyColumn = (index: number) => ({
  name: `clawtrace: key ${index}`,
  type: 'VARCHAR',
  unit: null,
  description: null,
  isOptional: false,
});

/** month is not a column: it is the UTC month of the response, the same on every machine and in every zone. */
function keyValue({ columns }: Rows, key: string): string {
  const isColumn = columns.some(({ name }) => name === key);
  return isColumn ? `${quoted(key)}::varchar` : `strftime(responded_at at time zone 'UTC', '%Y-%m')`;
}

function checkKeys({ columns }: Rows, keys: readonly string[]): void {
  const names = columns.map(({ name }) => name);
  const known = names.includes('responded_at') ? [...new Set(['month', ...names])] : names;
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new ClawtraceError(`--partition-by: the rows have no column '${unknown}'. Known: ${known.join(', ')}.`);
  if (names.every((name) => keys.includes(name)))
    throw new ClawtraceError('--partition-by takes every column, which leaves nothing for the files. Use fewer keys.');
}

/** Bytes that the name of a file may have. */
const LONGEST_NAME = 255;

function folderOf(key: string, value: string | null): string {
  const name = `${key}=${hiveName(value)}`;
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  throw new ClawtraceError(
    `--partition-by: the ${key} '${value!.slice(0, 40)}…' is too long for the name of a folder. Use another key.`,
  );
}

/** As Hive writes a value into a path. */
function hiveName(value: string | null): string {
  if (value === null) return '__HIVE_DEFAULT_PARTITION__';
  return encodeURIComponent(value).replaceAll(/[!'()*~]|^\.+$|\.$/g, escapeBytes);
}

const escapeBytes = (text: string): string =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join('');

function createStaged(file: string): void {
  makePrivateFolder(dirname(file));
  try {
    closeSync(openSync(file, 'wx', PRIVATE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new ClawtraceError(
      `--partition-by: two values differ only in case, and this disk cannot tell their folders apart.`,
    );
  }
}

/** Whoever reads the folder meanwhile finds old files beside new ones: everything that takes time comes before or after. */
function moveAll(folder: string, files: readonly string[], staging: string): void {
  const folders = new Set(files.map((file) => dirname(join(folder, file))));
  for (const file of files) sync(staged(staging, file));
  for (const each of folders) makePrivateFolder(each);
  for (const file of files) renameSync(staged(staging, file), join(folder, file));
  for (const each of folders) syncFolder(each);
}

/** Removes a file of ours, and the folders of it that are empty then. */
function removeFile(folder: string, file: string): void {
  rmSync(join(folder, file), { force: true });
  const parts = file.split('/').slice(0, -1);
  for (; parts.length > 0; parts.pop()) if (!removeIfEmpty(join(folder, ...parts))) return;
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
