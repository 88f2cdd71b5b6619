import { closeSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { openBytes } from './bytes.ts';
import { openRegular } from './regular-file.ts';

export const NEWLINE = 10;
export const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const CHUNK = 4 * 2 ** 20;
/** Enough for the first line of nearly every log: a block of a .zst is at most half as long. */
const START = 2 ** 18;

/** The lines of a file as bytes, whatever it is packed in. */
export async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const bytes = openBytes(path);
  const chunk = Buffer.allocUnsafe(CHUNK);
  let rest: Buffer[] = [];
  try {
    for (let length = await bytes.read(chunk); length > 0; length = await bytes.read(chunk)) {
      const read = chunk.subarray(0, length);
      let start = 0;
      for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, start)) {
        yield Buffer.concat([...rest, read.subarray(start, end)]);
        rest = [];
        start = end + 1;
      }
      if (start < length) rest.push(Buffer.from(read.subarray(start)));
    }
    if (rest.length > 0) yield Buffer.concat(rest);
  } finally {
    bytes.close();
  }
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
