import { readFileSync } from 'node:fs';
import { packagePath } from '../package.ts';

/** What is used of WebAssembly, which the types of Node leave out. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  readonly grow: (pages: number) => number;
}

interface Global {
  readonly value: number;
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** The functions of assembly/scanner.ts, which `npm run build` compiles. Numbers are addresses in its memory. */
interface Program {
  readonly memory: Memory;
  readonly scan: (
    from: number,
    to: number,
    isLast: boolean,
    keys: number,
    prefix: number,
    prefixBytes: number,
    firstLine: number,
    keepsAll: boolean,
    output: number,
    outputBytes: number,
    faultList: number,
    mostFaults: number,
  ) => void;
  readonly consumed: Global;
  readonly lines: Global;
  readonly written: Global;
  readonly faults: Global;
}

/** A line that is not one whole object, by its place in the block. */
interface FaultPlace {
  readonly from: number;
  readonly to: number;
  readonly line_number: number;
}

/** What one call of the scanner found. */
interface Pass {
  /** Bytes of the block that were looked at: whole lines. */
  readonly consumed: number;
  readonly lines: number;
  /** The lines that are handed over, cut down; valid until the next call. */
  readonly output: Uint8Array;
  readonly faults: readonly FaultPlace[];
}

/** What is scanned: its keys, what each of its lines begins with, and whether lines without a key that matters count. */
export interface Subject {
  readonly keys: Buffer;
  readonly prefix: string;
  readonly keepsAll: boolean;
}

const PAGE = 65_536;
const KIB = 1024;

/** Where in the memory everything is. What the program itself needs lies below. */
const KEYS = 4 * KIB;
const PREFIX = 60 * KIB;
const FAULTS = 64 * KIB;
const MOST_FAULTS = 4096;
const FAULT_BYTES = 12;
const OUTPUT = 128 * KIB;
/** Most bytes of a line that was cut down. */
export const MOST_LINE_BYTES = 1024 * KIB;
const BLOCK = OUTPUT + MOST_LINE_BYTES;
const FIRST_BLOCK_BYTES = 1024 * KIB;
/** The program looks at 16 bytes at a time, and so beyond the end. */
const BEYOND = 16;

/** Most bytes of a line. Longer ones are images or broken files: they are named, and not read. */
export const LONGEST_LINE = 64 * KIB * KIB;

/** A scanner and the block of bytes that it looks at. A thread needs one. */
export class Machine {
  private readonly program: Program;
  private capacity = 0;

  constructor() {
    compiled ??= new Module(readFileSync(packagePath('dist/scanner.wasm')));
    const abort = (): never => {
      throw new Error('the scanner stopped');
    };
    this.program = new Instance(compiled, { env: { abort } }).exports as Program;
    this.grow(FIRST_BLOCK_BYTES);
  }

  /** The block. It is another one after it has grown. */
  block(): Buffer {
    return Buffer.from(this.program.memory.buffer, BLOCK, this.capacity);
  }

  /** Makes the block twice as large; false if it may not grow any more. */
  growBlock(): boolean {
    if (this.capacity >= LONGEST_LINE) return false;
    this.grow(this.capacity * 2);
    return true;
  }

  /** Looks at the lines from one byte of the block to another. */
  scan(from: number, to: number, isLast: boolean, firstLine: number, subject: Subject): Pass {
    const { memory, ...program } = this.program;
    const bytes = Buffer.from(memory.buffer);
    subject.keys.copy(bytes, KEYS);
    const prefixBytes = bytes.write(subject.prefix, PREFIX);
    program.scan(
      BLOCK + from,
      BLOCK + to,
      isLast,
      KEYS,
      PREFIX,
      prefixBytes,
      firstLine,
      subject.keepsAll,
      OUTPUT,
      MOST_LINE_BYTES,
      FAULTS,
      MOST_FAULTS,
    );
    const faults = Array.from({ length: program.faults.value }, (_, index) => {
      const at = FAULTS + FAULT_BYTES * index;
      const [start, end, line_number] = [0, 4, 8].map((field) => bytes.readUInt32LE(at + field)) as [
        number,
        number,
        number,
      ];
      return { from: from + start, to: from + end, line_number };
    });
    return {
      consumed: program.consumed.value,
      lines: program.lines.value,
      output: bytes.subarray(OUTPUT, OUTPUT + program.written.value),
      faults,
    };
  }

  private grow(capacity: number): void {
    const { memory } = this.program;
    memory.grow(Math.ceil((BLOCK + capacity + BEYOND - memory.buffer.byteLength) / PAGE));
    this.capacity = capacity;
  }
}

let compiled: object | undefined;
