// Cuts log lines down to the keys that SQL reads. AssemblyScript: TypeScript's syntax, compiled to WebAssembly by
// `npm run build`; `usize` is an address, `load<u8>(at)` the byte there.
//
// JavaScript writes blocks of a file into the memory and calls scan(), which looks at each line on its own. A line
// that is one object leaves a shorter line in the output, if it holds a key that matters; a line that is anything
// else is listed as a fault, and JavaScript sees what can be done. Every value that is kept is checked as strictly
// as DuckDB will, so that DuckDB refuses none; a value that is not kept must only begin and end.

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;
const NEWLINE: u8 = 0x0a;
const OPEN_OBJECT: u8 = 0x7b;
const CLOSE_OBJECT: u8 = 0x7d;
const OPEN_LIST: u8 = 0x5b;
const CLOSE_LIST: u8 = 0x5d;

/** How a value is kept: as it is, as an object or a list of objects of which some keys are kept. */
const AS_IS: u32 = 0;
const AS_LIST: u32 = 2;

/** Bytes of a number that a double holds, whatever its digits are. */
const LONGEST_NUMBER: usize = 100;

/** Deeper nesting in a value that is kept is left to JavaScript. */
const DEEPEST: i32 = 60;

/** A key, as JavaScript writes it (keys.ts): followed by its name, then by the keys inside it. */
@unmanaged
class Key {
  /** Bytes until the key after it. */
  bytes: u32;
  /** AS_IS, as an object, AS_LIST. */
  kind: u32;
  /** A line that has it is handed over. */
  matters: u32;
  nameBytes: u32;
  /** Keys inside it; they begin at the next multiple of 4 after the name. */
  inner: u32;
}

let at: usize;
let end: usize;
let out: usize;
let outEnd: usize;
let matters: bool;
let position: u32;
let isFull: bool;

/** Bytes read of the block, lines looked at and bytes written by the last call of scan(). */
export let consumed: u32;
export let lines: u32;
export let written: u32;
export let faults: u32;

/**
 * Looks at the whole lines between two addresses, and at a line that breaks off there if it is the last. Stops early if
 * there is no room left for what it finds: `consumed` says how far it came.
 */
export function scan(
  from: usize,
  to: usize,
  isLast: bool,
  keys: usize,
  prefix: usize,
  prefixBytes: usize,
  firstLine: u32,
  keepsAll: bool,
  output: usize,
  outputBytes: usize,
  faultList: usize,
  mostFaults: u32,
): void {
  out = output;
  outEnd = output + outputBytes;
  lines = 0;
  faults = 0;
  let start = from;
  while (start < to && faults < mostFaults) {
    let stop = findNewline(start, to);
    if (stop == to && !isLast) break;
    const before = out;
    at = start;
    end = stop;
    const isSound = keepLine(keys, prefix, prefixBytes, firstLine + lines);
    if (!isSound || (!matters && !keepsAll)) out = before;
    if (isFull && before > output) break;
    if (!isSound && !isBlank(start, stop)) {
      const fault = faultList + 12 * faults++;
      store<u32>(fault, <u32>(start - from));
      store<u32>(fault, <u32>(stop - from), 4);
      store<u32>(fault, firstLine + lines, 8);
    }
    lines++;
    start = stop + 1;
  }
  consumed = <u32>(min(start, to) - from);
  written = <u32>(out - output);
}

function findNewline(start: usize, to: usize): usize {
  const newline = i8x16.splat(NEWLINE);
  for (let place = start; place < to; place += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(place), newline));
    if (mask != 0) return min(place + ctz(mask), to);
  }
  return to;
}

function isBlank(start: usize, stop: usize): bool {
  at = start;
  end = stop;
  skipSpace();
  return at == end;
}

/** A line as {"_file":3,"_line":17,…}, where the prefix has everything before the number. False if it is no object. */
function keepLine(keys: usize, prefix: usize, prefixBytes: usize, line: u32): bool {
  matters = false;
  isFull = false;
  skipSpace();
  if (!isNext(OPEN_OBJECT)) return false;
  emit(prefix, prefixBytes);
  emitNumber(line);
  if (!keepMembers(changetype<Key>(keys), false)) return false;
  emitByte(NEWLINE);
  skipSpace();
  return at == end && !isFull;
}

/**
 * The members of an object, from its brace to the one that closes it. One that has a key twice is left to JavaScript,
 * where the last one holds: DuckDB refuses it.
 */
function keepMembers(parent: Key, isFirst: bool): bool {
  let seen: u64 = 0;
  at++;
  skipSpace();
  if (!isNext(CLOSE_OBJECT))
    for (;;) {
      const name = at + 1;
      if (!isNext(QUOTE)) return false;
      at++;
      if (!skipText()) return false;
      const nameBytes = at - 1 - name;
      skipSpace();
      if (!isNext(COLON)) return false;
      at++;
      skipSpace();
      const key = findKey(parent, name, nameBytes);
      if (key) {
        const bit: u64 = 1 << (<u64>position);
        if (seen & bit) return false;
        seen |= bit;
        if (key.matters) matters = true;
        if (!isFirst) emitByte(COMMA);
        isFirst = false;
        emitName(name, nameBytes);
        if (!keepValue(key)) return false;
      } else if (hasEscape(name, nameBytes) || !skipValue()) return false;
      skipSpace();
      if (isNext(CLOSE_OBJECT)) break;
      if (!isNext(COMMA)) return false;
      at++;
      skipSpace();
    }
  at++;
  emitByte(CLOSE_OBJECT);
  return true;
}

/** The key of that name, and its position among those that are kept of the object. */
function findKey(parent: Key, name: usize, nameBytes: usize): Key | null {
  let key = innerOf(parent);
  position = 0;
  for (let left = parent.inner; left > 0; left--) {
    if (
      <usize>key.nameBytes == nameBytes &&
      memory.compare(changetype<usize>(key) + offsetof<Key>(), name, nameBytes) == 0
    )
      return key;
    key = changetype<Key>(changetype<usize>(key) + key.bytes);
    position++;
  }
  return null;
}

function innerOf(key: Key): Key {
  return changetype<Key>(changetype<usize>(key) + offsetof<Key>() + ((key.nameBytes + 3) & ~3));
}

/** A name with escapes might be one of ours, in another spelling. */
function hasEscape(name: usize, bytes: usize): bool {
  for (let place = name; place < name + bytes; place++) if (load<u8>(place) == BACKSLASH) return true;
  return false;
}

function keepValue(key: Key): bool {
  const first = peek();
  if (key.kind == AS_IS) {
    const start = at;
    if (!checkValue(0)) return false;
    emit(start, at - start);
    return true;
  }
  if (key.kind == AS_LIST) {
    if (first == OPEN_LIST) return keepItems(key);
  } else if (first == OPEN_OBJECT) {
    emitByte(OPEN_OBJECT);
    return keepMembers(key, true);
  }
  emitNull();
  return skipValue();
}

function keepItems(key: Key): bool {
  emitByte(OPEN_LIST);
  at++;
  skipSpace();
  if (!isNext(CLOSE_LIST))
    for (;;) {
      if (isNext(OPEN_OBJECT)) {
        emitByte(OPEN_OBJECT);
        if (!keepMembers(key, true)) return false;
      } else {
        emitNull();
        if (!skipValue()) return false;
      }
      skipSpace();
      if (isNext(CLOSE_LIST)) break;
      if (!isNext(COMMA)) return false;
      at++;
      skipSpace();
      emitByte(COMMA);
    }
  at++;
  emitByte(CLOSE_LIST);
  return true;
}

// Values that are not kept

function skipValue(): bool {
  const first = peek();
  if (first == QUOTE) {
    at++;
    return skipText();
  }
  if (first == OPEN_OBJECT || first == OPEN_LIST) return skipNested();
  return skipWord();
}

/** From after the first quote to after the last. */
function skipText(): bool {
  const quote = i8x16.splat(QUOTE);
  const backslash = i8x16.splat(BACKSLASH);
  while (at < end) {
    const bytes = v128.load(at);
    const mask = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)));
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    if (at >= end) break;
    if (load<u8>(at++) == QUOTE) return true;
    at++;
  }
  at = end;
  return false;
}

/**
 * Objects and lists of any depth. Texts and brackets are looked at, and what comes after each: so it shows at once if a
 * lost quote turned texts inside out.
 */
function skipNested(): bool {
  const quote = i8x16.splat(QUOTE);
  const opening = i8x16.splat(OPEN_OBJECT);
  const closing = i8x16.splat(CLOSE_OBJECT);
  const bit = i8x16.splat(0x20);
  let depth = 0;
  while (at < end) {
    const bytes = v128.load(at);
    // [ and { differ in one bit, ] and } too
    const brackets = v128.or(bytes, bit);
    const mask = i8x16.bitmask(
      v128.or(v128.or(i8x16.eq(brackets, opening), i8x16.eq(brackets, closing)), i8x16.eq(bytes, quote)),
    );
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    if (at >= end) break;
    const found = load<u8>(at++);
    if (found == QUOTE) {
      if (!skipText() || !endsValue(true)) return false;
    } else if ((found | 0x20) == OPEN_OBJECT) {
      if (found == OPEN_OBJECT && !beginsMembers()) return false;
      depth++;
    } else {
      if (--depth == 0) return true;
      if (!endsValue(false)) return false;
    }
  }
  at = end;
  return false;
}

/** Whether what comes next can follow a value, or the name of a member. */
function endsValue(orName: bool): bool {
  skipSpace();
  const next = peek();
  return next == COMMA || (next | 0x20) == CLOSE_OBJECT || (orName && next == COLON);
}

/** Whether what comes next can follow the brace that opens an object. */
function beginsMembers(): bool {
  skipSpace();
  return isNext(QUOTE) || isNext(CLOSE_OBJECT);
}

/** A number, true, false or null, in whatever spelling. */
function skipWord(): bool {
  const start = at;
  while (at < end) {
    const next = load<u8>(at);
    if (next <= 0x20 || next == COMMA || (next | 0x20) == CLOSE_OBJECT) break;
    if (next == QUOTE || next == COLON || (next | 0x20) == OPEN_OBJECT) return false;
    at++;
  }
  return at > start;
}

// Values that are kept: strict JSON in UTF-8

function checkValue(depth: i32): bool {
  if (depth > DEEPEST) return false;
  const first = peek();
  if (first == QUOTE) return checkText();
  if (first == OPEN_OBJECT) return checkItems(CLOSE_OBJECT, depth);
  if (first == OPEN_LIST) return checkItems(CLOSE_LIST, depth);
  if (first == 0x74) return checkWord(0x65757274, 4); // true
  if (first == 0x6e) return checkWord(0x6c6c756e, 4); // null
  if (first == 0x66) {
    at++;
    return checkWord(0x65736c61, 4);
  } // false
  return checkNumber();
}

/** The members of an object or the items of a list. */
function checkItems(close: u8, depth: i32): bool {
  at++;
  skipSpace();
  if (!isNext(close))
    for (;;) {
      if (close == CLOSE_OBJECT) {
        if (!isNext(QUOTE) || !checkText()) return false;
        skipSpace();
        if (!isNext(COLON)) return false;
        at++;
        skipSpace();
      }
      if (!checkValue(depth + 1)) return false;
      skipSpace();
      if (isNext(close)) break;
      if (!isNext(COMMA)) return false;
      at++;
      skipSpace();
    }
  at++;
  return true;
}

function checkWord(word: u32, bytes: usize): bool {
  if (at + bytes > end || load<u32>(at) != word) return false;
  at += bytes;
  return true;
}

/** One that may be beyond what a double holds is left to JavaScript, which makes it null. */
function checkNumber(): bool {
  const start = at;
  if (isNext(0x2d)) at++;
  if (isNext(0x30)) at++;
  else if (!checkDigits()) return false;
  if (isNext(0x2e)) {
    at++;
    if (!checkDigits()) return false;
  }
  if ((peek() | 0x20) == 0x65) {
    at++;
    if (isNext(0x2b) || isNext(0x2d)) at++;
    const exponent = at;
    if (!checkDigits() || at - exponent > 2) return false;
  }
  return at - start <= LONGEST_NUMBER;
}

function checkDigits(): bool {
  const start = at;
  while (isDigit(peek())) at++;
  return at > start;
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Control characters, escapes that JSON does not have, halves of surrogate pairs and bytes that are no UTF-8 are refused. */
function checkText(): bool {
  at++;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      at++;
      return true;
    }
    if (byte == BACKSLASH) {
      if (!checkEscape()) return false;
    } else if (byte < 0x20) return false;
    else if (byte < 0x80) at++;
    else if (!checkCharacter(byte)) return false;
  }
  return false;
}

function checkEscape(): bool {
  at++;
  const kind = peek();
  at++;
  if (kind != 0x75)
    return (
      kind == QUOTE ||
      kind == BACKSLASH ||
      kind == 0x2f ||
      kind == 0x62 ||
      kind == 0x66 ||
      kind == 0x6e ||
      kind == 0x72 ||
      kind == 0x74
    );
  const unit = hexOf();
  // surrogates are left to JavaScript, and so is the NUL, which no column may hold
  return unit > 0 && (unit < 0xd800 || unit > 0xdfff);
}

function hexOf(): i32 {
  let unit = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte = peek();
    const letter: u8 = byte | 0x20;
    if (isDigit(byte)) unit = unit * 16 + (byte - 0x30);
    else if (letter >= 0x61 && letter <= 0x66) unit = unit * 16 + (letter - 0x57);
    else return -1;
    at++;
  }
  return unit;
}

/** A character of two to four bytes (RFC 3629). */
function checkCharacter(first: u8): bool {
  const more: i32 = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || at + more >= end) return false;
  const second = load<u8>(at, 1);
  if (first == 0xe0 && second < 0xa0) return false;
  if (first == 0xed && second > 0x9f) return false;
  if (first == 0xf0 && second < 0x90) return false;
  if (first == 0xf4 && second > 0x8f) return false;
  for (let place = 1; place <= more; place++) if ((load<u8>(at + place) & 0xc0) != 0x80) return false;
  at += more + 1;
  return true;
}

// Reading and writing bytes

function peek(): u8 {
  return at < end ? load<u8>(at) : 0;
}

function isNext(byte: u8): bool {
  return at < end && load<u8>(at) == byte;
}

function skipSpace(): void {
  while (at < end) {
    const next = load<u8>(at);
    if (next != 0x20 && next != 0x09 && next != 0x0d) return;
    at++;
  }
}

function emit(from: usize, bytes: usize): void {
  if (out + bytes > outEnd) isFull = true;
  else {
    memory.copy(out, from, bytes);
    out += bytes;
  }
}

function emitByte(byte: u8): void {
  if (out >= outEnd) isFull = true;
  else store<u8>(out++, byte);
}

function emitName(name: usize, bytes: usize): void {
  emit(name - 1, bytes + 2);
  emitByte(COLON);
}

function emitNull(): void {
  emitByte(0x6e);
  emitByte(0x75);
  emitByte(0x6c);
  emitByte(0x6c);
}

function emitNumber(value: u32): void {
  let unit: u32 = 1;
  while (value / unit >= 10) unit *= 10;
  for (; unit > 0; unit /= 10) emitByte(0x30 + <u8>((value / unit) % 10));
}
