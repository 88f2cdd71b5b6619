import { closeSync, createReadStream, readFileSync, readSync } from 'node:fs';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { decompress, Decompress } from 'fzstd';
import { openRegular } from './regular-file.ts';

export const NEWLINE = 10;
const CHUNK = 4 * 2 ** 20;
/** Enough for the first line of nearly every log: a block of a .zst is at most half as long. */
const START = 2 ** 18;

/** The lines of a file as bytes, compressed or not. isLast marks a line without a newline at its end. */
export async function* linesOf(path: string): AsyncGenerator<{ line: Buffer; isLast: boolean }> {
  for await (const block of blocksOf(path)) yield* splitLines(block);
}

/** The same in blocks of whole lines, for checks that do not need single lines. */
export async function* blocksOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunksOf(path)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield rest.length > 0 ? Buffer.concat([...rest, chunk.subarray(0, end)]) : chunk.subarray(0, end);
      rest = [];
    }
    if (end < chunk.length) rest.push(Buffer.from(chunk.subarray(end)));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

export function* splitLines(block: Buffer): Generator<{ line: Buffer; isLast: boolean }> {
  let start = 0;
  for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
    yield { line: block.subarray(start, end), isLast: false };
    start = end + 1;
  }
  if (start < block.length) yield { line: block.subarray(start), isLast: true };
}

export function countLines(block: Buffer): number {
  let lines = 0;
  for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, end + 1)) lines++;
  return lines;
}

/** The first line of a file, compressed or not, as far as the first bytes go. */
export function firstLine(path: string): string {
  const buffer = Buffer.allocUnsafe(START);
  const file = openRegular(path);
  try {
    const start = unpackStart(path, buffer.subarray(0, readSync(file, buffer)));
    const end = start.indexOf(NEWLINE);
    return start.toString('utf8', 0, end < 0 ? start.length : end);
  } finally {
    closeSync(file);
  }
}

function unpackStart(path: string, start: Buffer): Buffer {
  if (path.endsWith('.gz')) return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  if (!path.endsWith('.zst')) return start;
  const read: Uint8Array[] = [];
  new Decompress((data) => read.push(data)).push(start);
  return Buffer.concat(read);
}

function chunksOf(path: string): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (path.endsWith('.zst')) return [Buffer.from(decompress(readFileSync(path)))];
  return path.endsWith('.gz') ? createReadStream(path).pipe(createGunzip()) : readChunks(path);
}

/** One buffer for all chunks: allocating one for each costs more than reading it. */
function* readChunks(path: string): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = openRegular(path);
  try {
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer))
      yield buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}
