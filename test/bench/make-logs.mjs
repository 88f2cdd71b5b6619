// Writes a made-up home folder with the logs of Claude Code and OpenClaw, and says what is true of it.
//
//   node test/bench/make-logs.mjs OUT --mib 256 --seed 1 --openclaw 0.1 --lone 0 --end 2026-05-01 [--requestless]
//
// Same arguments, same bytes. The sizes of the files follow a real machine: 1,239 MiB in 3,142 files.
import { closeSync, mkdirSync, openSync, renameSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const MEBIBYTE = 2 ** 20;
const DAY = 86_400_000;
const DAYS = 120;
const FILES_PER_MEBIBYTE = 3142 / 1239;

/** Share of files that are no larger, and that size. The last two are fitted: mean and greatest are the machine's. */
const SIZE_QUANTILES = [
  [0, 236],
  [0.5, 105_000],
  [0.75, 234_000],
  [0.9, 654_000],
  [0.95, 1_500_000],
  [0.99, 5_400_000],
  [0.999, 15_700_000],
  [1, 120_000_000],
];

const SUBAGENT_SHARE = 1 / 3;
const FORK_SHARE = 0.04;
const SYNTHETIC_SHARE = 0.01;
const MIRROR_SHARE = 0.01;

/** Rough time and bytes of one turn. */
const TURN_TIME = 40_000;
const TURN_BYTES = 10_000;

/** What a fork copies is kept in memory, so only the start of a session is. */
const FORKED_BYTES = 200_000;

const CLAUDE_MODELS = [
  ['claude-opus-4-6', 40],
  ['claude-sonnet-4-6', 25],
  ['claude-sonnet-4-5-20250929', 20],
  ['claude-haiku-4-5-20251001', 15],
];
const OPENCLAW_MODELS = [
  [{ api: 'anthropic-messages', provider: 'anthropic', model: 'claude-sonnet-4-6' }, 70],
  [{ api: 'openai-responses', provider: 'openai', model: 'gpt-5.2' }, 30],
];
const TOOLS = [
  ['Bash', 50],
  ['Read', 30],
  ['Edit', 15],
  ['mcp__github__search', 5],
];

/** Escapes, quotes, other scripts and emoji: what makes a line costly to parse. */
const PHRASES = [
  'The test fails because the cursor is closed before the last row is read.',
  'const rows = await query("select * from \\"usage\\" where day >= ?");\n',
  '  if (a < b && c !== null) {\n\t\treturn { ok: true, value: `${a}/${b}` };\n  }\n',
  'C:\\Users\\me\\src\\app\\index.ts(12,5): error TS2345\r\n',
  '{"type":"result","usage":{"input_tokens":12,"output_tokens":34},"id":null}',
  '\u001b[32m✓\u001b[39m src/parse.test.ts (14 tests) 312ms\n',
  'Größe, naïveté, żółw, Привет, 日本語のテキスト, עברית. ',
  'Done 🎉 the lobster 🦞 is happy 👩‍💻. ',
  '0000000 7f45 4c46 0201 0100 0000 0000 0000 0000\n',
  '- [x] update the changelog\n- [ ] tag the release\n',
];

export function makeLogs({
  home,
  mebibytes = 64,
  seed = 1,
  openclawShare = 0.1,
  loneShare = 0,
  end = '2026-05-01',
  isRequestless = false,
}) {
  const corpus = new Corpus({ home, seed, loneShare, end, isRequestless });
  for (const size of fileSizes(corpus, mebibytes)) {
    if (corpus.isChance(openclawShare)) writeOpenClaw(corpus, size);
    else writeClaudeCode(corpus, size);
  }
  return corpus.truth();
}

/** Sizes of all files in random order. Their sum is the one asked for. */
function fileSizes(corpus, mebibytes) {
  const count = Math.max(1, Math.round(mebibytes * FILES_PER_MEBIBYTE));
  const sizes = Array.from({ length: count }, (_, index) => sizeAt((index + 0.5) / count));
  const factor = (mebibytes * MEBIBYTE) / sum(sizes);
  return corpus.shuffled(sizes.map((size) => size * factor));
}

/** Between two quantiles sizes grow by a factor, not by a difference. */
function sizeAt(share) {
  const above = SIZE_QUANTILES.findIndex(([quantile]) => share <= quantile);
  const [[lowShare, low], [highShare, high]] = SIZE_QUANTILES.slice(above - 1, above + 1);
  return low * (high / low) ** ((share - lowShare) / (highShare - lowShare));
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** What all files share: where they are, chance, made-up values, and the truth so far. */
class Corpus {
  #state;
  #pool;
  #loneShare;
  #counts = { files: 0, lines: 0, usage_lines: 0 };
  #tokens = { ...noTokens(), cache_write_1h_tokens: 0 };
  #bytes = 0;
  #perDay = new Map();
  /** The main session written last: what subagents belong to and forks copy. */
  latest;

  constructor({ home, seed, loneShare, end, isRequestless }) {
    this.home = home;
    this.isRequestless = isRequestless;
    this.end = Date.parse(`${end}T00:00:00Z`);
    this.#loneShare = loneShare;
    this.#state = Math.imul(seed + 1, 0x9e3779b1) || 1;
    for (let round = 0; round < 20; round++) this.random();
    this.#pool = this.#makePool();
  }

  /** Xorshift: no state comes twice, so neither does an id. */
  #next() {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  random() {
    return this.#next() / 2 ** 32;
  }

  isChance(share) {
    return this.random() < share;
  }

  /** A whole number, low and high included. */
  between(low, high) {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  pick(weighted) {
    let left = this.random() * sum(weighted.map(([, weight]) => weight));
    return weighted.find(([, weight]) => (left -= weight) < 0)[0];
  }

  shuffled(values) {
    return values
      .map((value) => ({ value, key: this.random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
  }

  hex(length) {
    let digits = '';
    while (digits.length < length) digits += this.#next().toString(16).padStart(8, '0');
    return digits.slice(0, length);
  }

  uuid() {
    const digits = this.hex(32);
    return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
      '-',
    );
  }

  #makePool() {
    const phrases = [];
    for (let length = 0; length < 2 * MEBIBYTE; length += phrases.at(-1).length)
      phrases.push(PHRASES[this.between(0, PHRASES.length - 1)]);
    return phrases.join('');
  }

  /** loneShare of the texts end in half an emoji, as where JavaScript cut a string by its length. */
  text(length) {
    const from = this.between(0, MEBIBYTE);
    const text = this.#pool.slice(from, from + length).toWellFormed();
    return this.#loneShare > 0 && this.isChance(this.#loneShare) ? `${text}\ud83e` : text;
  }

  /** Of a prompt or a tool's result: mostly short, seldom huge, never much more than the file has room for. */
  bodyLength(room) {
    const chance = this.random();
    const exponent = chance < 0.004 ? 5 : chance < 0.035 ? 4 : 2 + this.random();
    return Math.floor(Math.min(10 ** (exponent + this.random()), room));
  }

  /** Sessions start at any time, long ones early enough to end in time. */
  startTime(size) {
    const room = Math.max(0, DAYS * DAY - (size / TURN_BYTES) * TURN_TIME);
    return this.end - DAYS * DAY + Math.floor(this.random() * room);
  }

  later(time) {
    return Math.min(time + this.between(1_000, 2 * TURN_TIME), this.end - 1);
  }

  open(path) {
    this.#counts.files++;
    return new LogFile(path);
  }

  countFile({ lines, bytes }) {
    this.#counts.lines += lines;
    this.#bytes += bytes;
  }

  countUsageLine() {
    this.#counts.usage_lines++;
  }

  /** Counts a response once, on the day of its first line. */
  countResponse(time, { cache_write_1h_tokens = 0, ...tokens }) {
    const day = isoTime(time).slice(0, 10);
    if (!this.#perDay.has(day)) this.#perDay.set(day, noTokens());
    for (const total of [this.#tokens, this.#perDay.get(day)]) {
      total.responses++;
      for (const [kind, count] of Object.entries(tokens)) total[kind] += count;
    }
    this.#tokens.cache_write_1h_tokens += cache_write_1h_tokens;
  }

  truth() {
    const per_day = Object.fromEntries([...this.#perDay].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { ...this.#counts, ...this.#tokens, bytes: this.#bytes, per_day };
  }
}

function noTokens() {
  return { responses: 0, input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
}

const isoTime = (time) => new Date(time).toISOString();

/** Writes lines in large pieces. */
class LogFile {
  #path;
  #descriptor;
  #pending = [];
  #pendingLength = 0;
  lines = 0;
  bytes = 0;

  constructor(path) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#descriptor = openSync(path, 'w');
  }

  /** Returns the bytes of the line. */
  write(record) {
    const line = `${JSON.stringify(record)}\n`;
    const bytes = Buffer.byteLength(line);
    this.#pending.push(line);
    this.#pendingLength += line.length;
    this.lines++;
    this.bytes += bytes;
    if (this.#pendingLength > 4 * MEBIBYTE) this.#flush();
    return bytes;
  }

  #flush() {
    const data = Buffer.from(this.#pending.join(''));
    for (let done = 0; done < data.length;) done += writeSync(this.#descriptor, data, done);
    this.#pending = [];
    this.#pendingLength = 0;
  }

  /** Agents set old files aside by adding to their names. */
  close(time, suffix = '') {
    this.#flush();
    closeSync(this.#descriptor);
    utimesSync(this.#path, time / 1000, time / 1000);
    if (suffix) renameSync(this.#path, `${this.#path}${suffix}`);
  }
}

/** Turns until the size is met as nearly as whole turns can, at least one. */
function fill(file, size, writeTurn) {
  do writeTurn(Math.max(0, size - file.bytes));
  while (size - file.bytes > TURN_BYTES / 2);
}

function writeClaudeCode(corpus, size) {
  const session = newClaudeSession(corpus, size);
  if (!session.isSidechain && corpus.latest && corpus.isChance(FORK_SHARE)) copyFork(session, corpus.latest, size / 2);
  fill(session.file, size, (room) => writeClaudeTurn(session, room));
  session.file.close(session.time);
  corpus.countFile(session.file);
  if (!session.isSidechain) corpus.latest = session;
}

function newClaudeSession(corpus, size) {
  const parent = corpus.latest && corpus.isChance(SUBAGENT_SHARE) ? corpus.latest : undefined;
  const project = parent?.project ?? `project-${corpus.between(1, 60)}`;
  const sessionId = parent?.sessionId ?? corpus.uuid();
  const agentId = parent && corpus.hex(17);
  const start = parent
    ? parent.start + Math.floor(corpus.random() * (parent.time - parent.start))
    : corpus.startTime(size);
  const folder = join(corpus.home, '.claude', 'projects', `-home-me-src-${project}`);
  const path = parent ? join(folder, sessionId, 'subagents', `agent-${agentId}`) : join(folder, sessionId);
  const file = corpus.open(`${path}.jsonl`);
  if (parent) writeFileSync(`${path}.meta.json`, JSON.stringify({ agentType: 'Explore' }));
  return {
    corpus,
    file,
    project,
    sessionId,
    agentId,
    start,
    time: start,
    isSidechain: Boolean(parent),
    branch: corpus.isChance(0.7) ? 'main' : `fix/${corpus.hex(6)}`,
    model: corpus.pick(CLAUDE_MODELS),
    isHourCache: !parent && corpus.isChance(0.6),
    context: corpus.between(12_000, 30_000),
    parentUuid: null,
    records: [],
  };
}

/** A forked session begins with the lines of another one: own session id, all else as it was. */
function copyFork(session, original, limit) {
  const isMarked = session.corpus.isChance(0.5);
  for (const record of original.records) {
    if (session.file.bytes > limit) break;
    const forkedFrom = isMarked ? { sessionId: original.sessionId, messageUuid: record.uuid } : undefined;
    writeClaudeLine(session, { ...record, sessionId: session.sessionId, forkedFrom });
    session.time = Date.parse(record.timestamp);
    session.parentUuid = record.uuid;
  }
}

function writeClaudeTurn(session, room) {
  const { corpus } = session;
  session.time = corpus.later(session.time);
  if (corpus.isChance(0.03)) session.file.write(snapshot(session));
  writeUser(session, room);
  if (corpus.isChance(SYNTHETIC_SHARE)) writeSynthetic(session);
  else writeResponse(session);
}

function snapshot({ corpus, time }) {
  const messageId = corpus.uuid();
  return {
    type: 'file-history-snapshot',
    messageId,
    snapshot: { messageId, trackedFileBackups: {}, timestamp: isoTime(time) },
    isSnapshotUpdate: false,
  };
}

function writeUser(session, room) {
  const { corpus } = session;
  const length = corpus.bodyLength(room / 2);
  if (corpus.isChance(0.2)) {
    writeEntry(session, { type: 'user', message: { role: 'user', content: corpus.text(Math.min(length, 2_000)) } });
    return;
  }
  const content = corpus.text(length);
  const result = { tool_use_id: `toolu_01${corpus.hex(20)}`, type: 'tool_result', content };
  const toolUseResult = { stdout: content, stderr: '', interrupted: false, isImage: false };
  writeEntry(session, { type: 'user', message: { role: 'user', content: [result] }, toolUseResult });
}

/** An error that Claude Code wrote itself: nobody was billed. */
function writeSynthetic(session) {
  const { corpus } = session;
  const content = [{ type: 'text', text: 'API Error: 529 Overloaded' }];
  const message = { id: corpus.uuid(), model: '<synthetic>', role: 'assistant', type: 'message', content };
  message.usage = claudeUsage({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, false);
  writeEntry(session, { type: 'assistant', isApiErrorMessage: true, message });
}

/** One to three lines, one per block. The output grows from line to line, the rest repeats. */
function writeResponse(session) {
  const { corpus, isHourCache } = session;
  const blocks = contentBlocks(corpus);
  const tokens = claudeTokens(session);
  const id = `msg_01${corpus.hex(22)}`;
  const requestId = corpus.isRequestless ? undefined : `req_011C${corpus.hex(20)}`;
  session.time = corpus.later(session.time);
  corpus.countResponse(session.time, {
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    cache_read_tokens: tokens.cacheRead,
    cache_write_tokens: tokens.cacheWrite,
    cache_write_1h_tokens: isHourCache ? tokens.cacheWrite : 0,
  });
  blocks.forEach((block, index) => {
    const isLast = index === blocks.length - 1;
    const output = isLast ? tokens.output : Math.min(tokens.output, 1 + index * 8);
    const message = { model: session.model, id, type: 'message', role: 'assistant', content: [block] };
    message.stop_reason = isLast ? 'tool_use' : null;
    message.stop_sequence = null;
    message.usage = claudeUsage({ ...tokens, output }, isHourCache);
    if (index > 0) session.time = Math.min(session.time + corpus.between(100, 3_000), corpus.end - 1);
    writeEntry(session, { type: 'assistant', message, requestId });
  });
}

function contentBlocks(corpus) {
  const thinking = { type: 'thinking', thinking: corpus.text(corpus.between(0, 1_200)), signature: corpus.hex(400) };
  const text = { type: 'text', text: corpus.text(corpus.between(20, 800)) };
  const input = { command: corpus.text(corpus.between(30, 1_500)) };
  const tool = { type: 'tool_use', id: `toolu_01${corpus.hex(20)}`, name: corpus.pick(TOOLS), input };
  return [thinking, text, tool].slice(corpus.between(0, 2));
}

/** Each response reads what those before it wrote, until the context is compacted. */
function claudeTokens(session) {
  const { corpus } = session;
  const cacheRead = session.context;
  const cacheWrite = corpus.between(0, 8_000);
  const context = cacheRead + cacheWrite;
  session.context = context > 180_000 ? 30_000 : context;
  return { input: corpus.between(1, 10), output: corpus.between(20, 2_500), cacheRead, cacheWrite };
}

function claudeUsage({ input, output, cacheRead, cacheWrite }, isHourCache) {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: isHourCache ? 0 : cacheWrite,
      ephemeral_1h_input_tokens: isHourCache ? cacheWrite : 0,
    },
    output_tokens: output,
    service_tier: 'standard',
  };
}

/** A line of the conversation, which hangs on the one before it. */
function writeEntry(session, entry) {
  const { corpus, agentId, isSidechain, parentUuid, project, sessionId, branch } = session;
  const uuid = corpus.uuid();
  const cwd = `/home/me/src/${project}`;
  const envelope = { parentUuid, isSidechain, userType: 'external', cwd, sessionId, version: '2.1.34' };
  const timestamp = isoTime(session.time);
  writeClaudeLine(session, { ...envelope, gitBranch: branch, agentId, ...entry, uuid, timestamp });
  session.parentUuid = uuid;
}

function writeClaudeLine(session, record) {
  const { corpus, file, records } = session;
  file.write(record);
  if (record.type === 'assistant' && !record.isApiErrorMessage) corpus.countUsageLine();
  if (file.bytes < FORKED_BYTES) records.push(record);
}

function writeOpenClaw(corpus, size) {
  const agent = corpus.isChance(0.7) ? 'main' : 'research';
  const id = corpus.uuid();
  const path = join(corpus.home, '.openclaw', 'agents', agent, 'sessions', `${id}.jsonl`);
  const session = {
    corpus,
    file: corpus.open(path),
    time: corpus.startTime(size),
    model: corpus.pick(OPENCLAW_MODELS),
    context: corpus.between(5_000, 20_000),
  };
  const timestamp = isoTime(session.time);
  session.file.write({ type: 'session', version: 3, id, timestamp, cwd: '/home/me/.openclaw/workspace' });
  writeOpenClawLine(session, {
    type: 'model_change',
    provider: session.model.provider,
    modelId: session.model.model,
  });
  fill(session.file, size, (room) => writeOpenClawTurn(session, room));
  session.file.close(session.time, setAsideSuffix(session));
  corpus.countFile(session.file);
}

/** A reset or deleted session stays beside the live ones, under another name. */
function setAsideSuffix({ corpus, time }) {
  const stamp = isoTime(time).replaceAll(':', '-');
  return corpus.pick([
    ['', 60],
    [`.reset.${stamp}`, 30],
    [`.deleted.${stamp}`, 10],
  ]);
}

function writeOpenClawTurn(session, room) {
  const { corpus } = session;
  session.time = corpus.later(session.time);
  writeOpenClawMessage(session, { role: 'user', content: textBlock(corpus, corpus.bodyLength(room)) });
  session.time = corpus.later(session.time);
  const content = textBlock(corpus, corpus.between(50, 3_000));
  const tokens = openClawTokens(session);
  writeOpenClawMessage(session, {
    role: 'assistant',
    content,
    ...session.model,
    usage: openClawUsage(tokens),
    stopReason: 'stop',
  });
  corpus.countUsageLine();
  corpus.countResponse(session.time, {
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    cache_read_tokens: tokens.cacheRead,
    cache_write_tokens: tokens.cacheWrite,
  });
  if (corpus.isChance(MIRROR_SHARE)) writeMirror(session, content);
}

/** OpenClaw repeats an answer that it delivered to a chat: nobody was billed for the repeat. */
function writeMirror(session, content) {
  const usage = openClawUsage({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });
  const model = { api: 'openai-responses', provider: 'openclaw', model: 'delivery-mirror' };
  writeOpenClawMessage(session, { role: 'assistant', content, ...model, usage, stopReason: 'stop' });
}

const textBlock = (corpus, length) => [{ type: 'text', text: corpus.text(length) }];

function openClawTokens(session) {
  const { corpus } = session;
  const cacheRead = session.context;
  const cacheWrite = corpus.between(0, 4_000);
  const context = cacheRead + cacheWrite;
  session.context = context > 150_000 ? 10_000 : context;
  return { input: corpus.between(1, 2_000), output: corpus.between(20, 1_500), cacheRead, cacheWrite };
}

function openClawUsage(tokens) {
  const cost = {
    input: tokens.input * 3e-6,
    output: tokens.output * 15e-6,
    cacheRead: tokens.cacheRead * 0.3e-6,
    cacheWrite: tokens.cacheWrite * 3.75e-6,
  };
  cost.total = sum(Object.values(cost));
  return { ...tokens, totalTokens: sum(Object.values(tokens)), cost };
}

function writeOpenClawMessage(session, message) {
  writeOpenClawLine(session, { type: 'message', message: { ...message, timestamp: session.time } });
}

function writeOpenClawLine({ corpus, file, time }, { type, ...rest }) {
  file.write({ type, id: corpus.hex(8), parentId: null, timestamp: isoTime(time), ...rest });
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mib: { type: 'string', default: '256' },
      seed: { type: 'string', default: '1' },
      openclaw: { type: 'string', default: '0.1' },
      lone: { type: 'string', default: '0' },
      end: { type: 'string', default: '2026-05-01' },
      requestless: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1) throw new Error('Name one folder to write to: make-logs.mjs OUT [--mib 256] …');
  const truth = makeLogs({
    home: resolve(positionals[0]),
    mebibytes: Number(values.mib),
    seed: Number(values.seed),
    openclawShare: Number(values.openclaw),
    loneShare: Number(values.lone),
    end: values.end,
    isRequestless: values.requestless,
  });
  console.log(JSON.stringify(truth));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main();
