import { createReadStream, readFileSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { decompress } from 'fzstd';

const NEWLINE = 10;

/** The lines of a file as bytes, compressed or not. isLast marks one that no newline ends. */
export async function* linesOf(path: string): AsyncGenerator<{ line: Buffer; isLast: boolean }> {
  let rest: Buffer[] = [];
  for await (const chunk of chunksOf(path)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = chunk.subarray(start, end);
      yield { line: rest.length > 0 ? Buffer.concat([...rest, line]) : line, isLast: false };
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield { line: Buffer.concat(rest), isLast: true };
}

function chunksOf(path: string): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (path.endsWith('.zst')) return [Buffer.from(decompress(readFileSync(path)))];
  const file = createReadStream(path, { highWaterMark: 4 * 2 ** 20 });
  return path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
}
