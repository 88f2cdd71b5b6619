import { on } from 'node:events';
import { closeSync, createReadStream, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { openRegular } from './regular-file.ts';

/** The bytes of a log, as UTF-8, whatever it is packed in. */
export interface Bytes {
  /** Fills what it is given, or some of it; 0 at the end. What is packed may break off: an error, after all that came before. */
  readonly read: (into: Buffer) => number | Promise<number>;
  readonly close: () => void;
}

export function openBytes(path: string): Bytes {
  if (path.endsWith('.gz')) return fromChunks(gunzipped(path));
  if (path.endsWith('.zst')) return fromChunks(unpackedZstd(path));
  const file = openRegular(path);
  const mark = Buffer.alloc(2);
  const encoding = UTF_16.get(mark.toString('hex', 0, readSync(file, mark, 0, mark.length, 0)));
  const close = (): void => closeSync(file);
  return encoding ? { ...fromChunks(decoded(file, encoding)), close } : { read: (into) => readSync(file, into), close };
}

/** Some editors save a file as UTF-16, with the mark of that in its first two bytes. */
const UTF_16 = new Map([
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
]);

function* decoded(file: number, encoding: string): Generator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for (const chunk of chunksOf(file)) yield Buffer.from(decoder.decode(chunk, { stream: true }));
}

/** What was unpacked before an error still comes: a stream that is piped on would drop it. */
async function* gunzipped(path: string): AsyncGenerator<Buffer> {
  const unpacked = createGunzip();
  pipeline(createReadStream(path, { fd: openRegular(path) }), unpacked, () => undefined);
  for await (const [chunk] of on(unpacked, 'data', { close: ['end'] })) yield chunk as Buffer;
}

function* unpackedZstd(path: string): Generator<Buffer> {
  const file = openRegular(path);
  const unpacked: Buffer[] = [];
  const unpacker = new Decompress((data) => unpacked.push(Buffer.from(data)));
  try {
    for (const chunk of chunksOf(file)) {
      try {
        // it keeps what it could not unpack yet
        unpacker.push(Buffer.from(chunk));
      } finally {
        yield* unpacked.splice(0);
      }
    }
    unpacker.push(new Uint8Array(0), true);
    yield* unpacked;
  } finally {
    closeSync(file);
  }
}

const CHUNK = 2 ** 18;

/** One buffer for all of them. */
function* chunksOf(file: number): Generator<Buffer> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) yield chunk.subarray(0, length);
}

function fromChunks(chunks: Generator<Buffer> | AsyncGenerator<Buffer>): Bytes {
  let rest: Buffer = Buffer.alloc(0);
  const read = async (into: Buffer): Promise<number> => {
    while (rest.length === 0) {
      const next = await chunks.next();
      if (next.done) return 0;
      rest = next.value;
    }
    const length = rest.copy(into);
    rest = rest.subarray(length);
    return length;
  };
  return { read, close: () => void chunks.return(undefined) };
}
