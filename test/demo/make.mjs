// Writes the sample logs that --demo reads: seven weeks of one made-up developer, ending on 2026-05-01.
// Run it with: node test/demo/make.mjs. It writes the same bytes every time.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECTS = join(HERE, 'claude', 'projects');
const OPENCLAW = join(HERE, 'openclaw');

const FIRST_DAY = '2026-03-16';
const LAST_DAY = '2026-05-01';
const HOLIDAYS = ['2026-04-03', '2026-04-06'];
const SPIKE_DAY = '2026-04-23';
const FORK_DAY = '2026-04-15';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const OPUS = 'claude-opus-4-6';
const SONNET = 'claude-sonnet-4-6';
const OLD_SONNET = 'claude-sonnet-4-5-20250929';
const HAIKU = 'claude-haiku-4-5-20251001';
const UNKNOWN = 'northwind-coder-2';
const GATEWAY = 'glm-4.7';
const GPT = 'gpt-5.4';
const LOCAL = 'llama3.3';

/** USD per million tokens. They size the sessions here and are the costs that OpenClaw logs. */
const PRICES = {
  [OPUS]: { input: 5, output: 25, read: 0.5, write5m: 6.25, write1h: 10 },
  [SONNET]: { input: 3, output: 15, read: 0.3, write5m: 3.75, write1h: 6 },
  [OLD_SONNET]: { input: 3, output: 15, read: 0.3, write5m: 3.75, write1h: 6 },
  [HAIKU]: { input: 1, output: 5, read: 0.1, write5m: 1.25, write1h: 2 },
  [GATEWAY]: { input: 0.6, output: 2.2, read: 0.11, write5m: 0, write1h: 0 },
  [GPT]: { input: 2.5, output: 15, read: 0.25, write5m: 0, write1h: 0 },
  [UNKNOWN]: { input: 0, output: 0, read: 0, write5m: 0, write1h: 0 },
  [LOCAL]: { input: 0, output: 0, read: 0, write5m: 0, write1h: 0 },
};
const FAST_MULTIPLIER = 6;
const LARGE_WINDOW = 950_000;
const SMALL_WINDOW = 200_000;

// two projects end in /api, so that their short names need one folder more
const SHOP_API = { cwd: '/home/dana/src/shop-api', branches: ['main', 'feat/refunds', 'fix/rate-limit'] };
const SHOP_WEB = { cwd: '/home/dana/src/shop-web', branches: ['main', 'feat/checkout', 'fix/safari-focus'] };
const WORK_API = { cwd: '/home/dana/client/api', branches: ['develop', 'feat/audit-log', 'feat/bulk-import'] };
const PLAY_API = { cwd: '/home/dana/play/api', branches: ['main', 'try/other-models'] };
const INFRA = { cwd: '/home/dana/src/infra', branches: ['main', 'chore/terraform'] };

const TOOLS = {
  Bash: { command: 'npm test' },
  Read: { file_path: 'src/orders.ts' },
  Edit: { file_path: 'src/orders.ts', old_string: 'a', new_string: 'b' },
  Grep: { pattern: 'refund' },
  mcp__github__search_issues: { query: 'is:open label:bug' },
  mcp__plugin_playwright_playwright__browser_click: { element: 'Pay button', ref: 'e12' },
};
const USUAL_TOOLS = ['Bash', 'Bash', 'Bash', 'Read', 'Read', 'Read', 'Edit', 'Edit', 'Grep', ...Object.keys(TOOLS)];
const SUBAGENTS = [
  { type: 'Explore', model: HAIKU, task: 'Find where orders are validated' },
  { type: 'code-reviewer', model: SONNET, task: 'Review the diff' },
  { type: 'Explore', model: HAIKU, task: 'List the callers' },
  { type: 'general-purpose', model: OLD_SONNET, task: 'Compare the two parsers' },
  { type: 'test-runner', model: HAIKU, task: 'Run the slow tests' },
];
const PROMPTS = [
  'Fix the failing test.',
  'Why is this slow?',
  'Add a test for the empty case.',
  'Split this function.',
  'Rename it everywhere.',
  'Make the build pass.',
  'Explain this error.',
  'Now handle the timeout.',
  'Looks good, go on.',
];
const ANSWERS = ['Done.', 'Let me look.', 'Found it.', 'Tests pass.', 'I will check the callers first.', 'Fixed.'];
const RESULTS = ['ok', '3 matches', '12 passed', 'No issues', 'updated'];

// ---- chance: one seeded generator, so that every run writes the same bytes

let seed = 20260501;

function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const pick = (list) => list[between(0, list.length - 1)];
const isChance = (probability) => random() < probability;
const characters = (alphabet, length) => Array.from({ length }, () => pick(alphabet)).join('');
const hex = (length) => characters('0123456789abcdef', length);
const base58 = (length) => characters('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789', length);
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick('89ab')}${hex(3)}-${hex(12)}`;

// ---- time and money

const iso = (at) => new Date(at).toISOString();
const time = (day, hours) => Date.parse(`${day}T00:00:00Z`) + Math.round(hours * HOUR);
const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay();

function days() {
  const count = (time(LAST_DAY, 0) - time(FIRST_DAY, 0)) / DAY + 1;
  return Array.from({ length: count }, (_, index) => iso(time(FIRST_DAY, 0) + index * DAY).slice(0, 10));
}

const workdays = () => days().filter((day) => weekday(day) % 6 !== 0 && !HOLIDAYS.includes(day));
const mondays = () => days().filter((day) => weekday(day) === 1);

const usd = (tokens, price) => Number(((tokens * price) / 1e6).toFixed(8));

function cost(model, { input, output, read, write5m, write1h }) {
  const price = PRICES[model];
  return (
    usd(input, price.input) +
    usd(output, price.output) +
    usd(read, price.read) +
    usd(write5m, price.write5m) +
    usd(write1h, price.write1h)
  );
}

// ---- files

function writeLines(path, lines, damagedEnd = '') {
  write(path, lines.map((line) => `${JSON.stringify(line)}\n`).join('') + damagedEnd);
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

// ---- Claude Code

function newSession({ project, branch = pick(project.branches), model, at, id = uuid(), agentId }) {
  const counts = { prompt: 0, cached: 0, cost: 0 };
  return { id, project, branch, model, at, agentId, lines: [], subagents: [], ...counts };
}

function addLine(session, line) {
  session.lines.push({
    isSidechain: session.agentId !== undefined,
    agentId: session.agentId,
    cwd: session.project.cwd,
    sessionId: session.id,
    gitBranch: session.branch,
    ...line,
    uuid: uuid(),
    timestamp: iso(session.at),
  });
}

function ask(session, content = pick(PROMPTS)) {
  session.at += between(1, 6) * MINUTE + between(0, 59_999);
  addLine(session, { type: 'user', message: { role: 'user', content } });
}

function addToolResult(session, toolUse, content = pick(RESULTS)) {
  session.at += between(2_000, 70_000);
  const isError = toolUse.name === 'Bash' && isChance(0.15);
  const result = { tool_use_id: toolUse.id, type: 'tool_result', content: isError ? 'Exit code 1' : content };
  addLine(session, {
    type: 'user',
    message: { role: 'user', content: [isError ? { ...result, is_error: true } : result] },
  });
}

/** The prompt grows: what was written to the cache is read by the next response. */
function nextTokens(session) {
  const isSubagent = session.agentId !== undefined;
  const isSmall = isSubagent || ![OPUS, SONNET].includes(session.model);
  if (session.prompt > (isSmall ? SMALL_WINDOW : LARGE_WINDOW) - 130_000) compact(session);
  session.prompt += session.prompt === 0 ? 18_000 : 0;
  session.prompt += isSmall ? between(6_000, 24_000) : between(35_000, 130_000);
  const added = session.prompt - session.cached;
  const tokens = {
    input: between(3, 14),
    output: isSmall ? between(900, 5_000) : between(4_000, 16_000),
    read: session.cached,
    write5m: isSubagent ? added : 0,
    write1h: isSubagent ? 0 : added,
  };
  session.cached = session.prompt;
  return session.model === GATEWAY ? { ...tokens, input: added, write5m: 0, write1h: 0 } : tokens;
}

function compact(session) {
  const compactMetadata = { trigger: 'auto', preTokens: session.prompt };
  addLine(session, { type: 'system', subtype: 'compact_boundary', content: 'Conversation compacted', compactMetadata });
  session.prompt = 0;
  session.cached = 0;
}

/** A break longer than the cache lives: the whole prompt is written again. */
function pause(session) {
  session.at += between(65, 100) * MINUTE;
  session.cached = 0;
}

function usageOf(session, tokens, isFast, searches) {
  const usage = { input_tokens: tokens.input, output_tokens: tokens.output, cache_read_input_tokens: tokens.read };
  // gateways know only the plain counts
  if (session.model === GATEWAY) return { ...usage, cache_creation_input_tokens: 0 };
  return {
    ...usage,
    cache_creation_input_tokens: tokens.write5m + tokens.write1h,
    cache_creation: { ephemeral_5m_input_tokens: tokens.write5m, ephemeral_1h_input_tokens: tokens.write1h },
    ...(searches > 0 && { server_tool_use: { web_search_requests: searches } }),
    service_tier: 'standard',
    speed: isFast ? 'fast' : 'standard',
  };
}

/** One response: a line per content block, the output still small on all but the last. */
function respond(session, { tool, isFast = false, searches = 0 }) {
  session.at += between(20_000, 150_000);
  const tokens = nextTokens(session);
  const usage = usageOf(session, tokens, isFast, searches);
  const isGateway = session.model === GATEWAY;
  const ids = isGateway
    ? { id: `chatcmpl-${hex(16)}` }
    : { id: `msg_01${base58(22)}`, requestId: `req_011${base58(21)}` };
  const blocks = contentBlocks(tool);
  blocks.forEach((block, index) => {
    const isLast = index === blocks.length - 1;
    session.at += between(800, 9_000);
    addLine(session, {
      type: 'assistant',
      requestId: ids.requestId,
      message: {
        id: ids.id,
        role: 'assistant',
        model: session.model,
        content: [block],
        stop_reason: isLast ? (tool ? 'tool_use' : 'end_turn') : null,
        usage: isLast ? usage : { ...usage, output_tokens: index * 7 + between(1, 6) },
      },
    });
  });
  session.cost += cost(session.model, tokens) * (isFast ? FAST_MULTIPLIER : 1) + searches * 0.01;
  return blocks.at(-1);
}

function contentBlocks(tool) {
  const thinking = { type: 'thinking', thinking: '', signature: '' };
  const text = { type: 'text', text: pick(ANSWERS) };
  const toolUse = { type: 'tool_use', id: `toolu_01${base58(12)}`, ...tool };
  if (!tool) return isChance(0.2) ? [thinking, text] : [text];
  return pick([[toolUse], [toolUse], [toolUse], [toolUse], [text, toolUse], [thinking, text, toolUse]]);
}

function delegate(session, { type, model, task }) {
  const input = { description: task, prompt: task, subagent_type: type };
  const toolUse = respond(session, { tool: { name: 'Task', input } });
  const agentId = `a${hex(16)}`;
  const subagent = newSession({ ...session, model, agentId });
  ask(subagent, task);
  work(subagent, { responses: between(3, 4) });
  session.subagents.push({ subagent, meta: { agentType: type, description: task, toolUseId: toolUse.id } });
  session.at = subagent.at;
  session.cost += subagent.cost;
  addToolResult(session, toolUse, 'Report attached.');
}

/**
 * Goes on until the money, the responses or the time are used up. fast: first and last response in
 * fast mode; pauseAt: response before which there is a long break.
 */
function work(
  session,
  { budget = Infinity, responses = 60, until = Infinity, fast = [0, -1], pauseAt, subagents = [] },
) {
  const waiting = [...subagents];
  let isAnswered = session.agentId === undefined;
  for (let index = 0; index < responses && session.cost < budget && session.at < until; index++) {
    if (index === pauseAt) pause(session);
    if (isAnswered) ask(session);
    if (index % 4 === 2 && waiting.length > 0) {
      delegate(session, waiting.shift());
      continue;
    }
    const name = isChance(0.7) && index < responses - 1 ? pick(USUAL_TOOLS) : undefined;
    const tool = name && { name, input: TOOLS[name] };
    const isFast = index >= fast[0] && index <= fast[1];
    const block = respond(session, { tool, isFast, searches: isChance(0.04) ? between(1, 3) : 0 });
    if (tool) addToolResult(session, block);
    isAnswered = !tool;
  }
  return session;
}

function addSnapshot(session) {
  const messageId = uuid();
  const snapshot = { messageId, trackedFileBackups: {}, timestamp: iso(session.at) };
  session.lines.push({ type: 'file-history-snapshot', messageId, snapshot, isSnapshotUpdate: false });
}

function addSummary(session) {
  session.lines.push({ type: 'summary', summary: 'Order checks', leafUuid: session.lines.at(-1).uuid });
}

function addApiError(session) {
  session.at += between(5_000, 30_000);
  const usage = { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const content = [{ type: 'text', text: 'API Error: 529 Overloaded' }];
  const message = { id: uuid(), role: 'assistant', model: '<synthetic>', content, stop_reason: 'stop_sequence', usage };
  addLine(session, { type: 'assistant', isApiErrorMessage: true, error: 'overloaded', message });
}

/** A fork copies its parent's lines under its own session id, then goes its own way. */
function fork(parent, at) {
  const session = { ...newSession({ ...parent, id: uuid() }), at };
  session.prompt = parent.prompt;
  session.lines = parent.lines
    .filter((line) => line.uuid)
    .map((line) => ({ ...line, sessionId: session.id, forkedFrom: { sessionId: parent.id, messageUuid: line.uuid } }));
  return session;
}

function writeSession(session, damagedEnd) {
  const folder = join(PROJECTS, session.project.cwd.replace(/[^A-Za-z0-9]/g, '-'));
  writeLines(join(folder, `${session.id}.jsonl`), session.lines, damagedEnd);
  for (const { subagent, meta } of session.subagents) {
    const name = join(folder, session.id, 'subagents', `agent-${subagent.agentId}`);
    writeLines(`${name}.jsonl`, subagent.lines);
    write(`${name}.meta.json`, JSON.stringify(meta));
  }
}

/** The work moves from the shop to the other company's API. */
function usualProject(day) {
  if (day < '2026-04-07') return pick([SHOP_API, SHOP_API, SHOP_API, SHOP_WEB, SHOP_WEB, WORK_API, INFRA]);
  return pick([WORK_API, WORK_API, WORK_API, SHOP_WEB, SHOP_WEB, SHOP_API, INFRA]);
}

/** The older model, with its smaller window, has only short sessions in the mornings of March. */
function usualModel(day, isLastOfDay) {
  if (day < '2026-04-01')
    return pick([OPUS, OPUS, SONNET, SONNET, ...(isLastOfDay ? [OPUS] : [OLD_SONNET, OLD_SONNET])]);
  return pick([OPUS, OPUS, OPUS, SONNET, SONNET]);
}

let taskCount = 0;

/** Now and then a session hands a part of its work to a subagent. */
const nextSubagents = () => (isChance(0.2) ? [SUBAGENTS[taskCount++ % SUBAGENTS.length]] : []);

function usualDay(day) {
  const isFriday = weekday(day) === 5;
  const starts = pick([[8.2], [9.1], [8.4, 13.2], [7.9, 13.6]]);
  let budget = isFriday ? between(9, 11) : between(10, 17);
  return starts.map((hours, index) => {
    const left = starts.length - index;
    const model = usualModel(day, left === 1);
    const session = newSession({ project: usualProject(day), model, at: time(day, hours + random() / 2) });
    usualWork(session, budget / left);
    budget -= session.cost;
    return session;
  });
}

function usualWork(session, budget) {
  const responses = session.model === OLD_SONNET ? 5 : 9;
  if (isChance(0.4)) addSnapshot(session);
  work(session, { budget, responses, pauseAt: between(3, 5), subagents: nextSubagents() });
  if (isChance(0.2)) addSummary(session);
}

function spikeDay(day) {
  const small = newSession({ project: SHOP_WEB, branch: 'feat/checkout', model: SONNET, at: time(day, 7.8) });
  const large = newSession({ project: WORK_API, branch: 'feat/bulk-import', model: OPUS, at: time(day, 9.6) });
  work(small, { budget: 4 });
  work(large, { budget: 74, fast: [12, 16], pauseAt: 20, subagents: SUBAGENTS.slice(1, 3) });
  return [small, large];
}

function lastDay(day) {
  const morning = newSession({ project: WORK_API, branch: 'feat/audit-log', model: OPUS, at: time(day, 8.5) });
  const afternoon = newSession({ project: SHOP_WEB, branch: 'feat/checkout', model: SONNET, at: time(day, 14.1) });
  work(morning, { budget: 6 });
  work(afternoon, { until: time(day, 14.6) });
  return [morning, afternoon];
}

function forkDay(day) {
  const parent = newSession({ project: WORK_API, branch: 'feat/audit-log', model: OPUS, at: time(day, 9) });
  work(parent, { budget: 6 });
  const copy = fork(parent, time(day, 14));
  work(copy, { responses: 4 });
  return [parent, copy];
}

function sessionsOf(day) {
  if (day === SPIKE_DAY) return spikeDay(day);
  if (day === FORK_DAY) return forkDay(day);
  if (day === LAST_DAY) return lastDay(day);
  return usualDay(day);
}

/** What is rare enough to be placed by hand. */
function rareSessions() {
  const project = PLAY_API;
  const saturday = newSession({ project, branch: 'main', model: SONNET, at: time('2026-03-28', 15.3) });
  const gateway = newSession({ project, branch: 'try/other-models', model: GATEWAY, at: time('2026-04-11', 10.2) });
  const unknown = newSession({ project, branch: 'try/other-models', model: UNKNOWN, at: time('2026-04-16', 17.5) });
  const quick = newSession({ project: INFRA, branch: 'main', model: HAIKU, at: time('2026-04-20', 17.8) });
  const fast = newSession({ project: SHOP_API, branch: 'fix/rate-limit', model: OPUS, at: time('2026-04-08', 17.2) });
  work(saturday, { responses: 3 });
  work(gateway, { responses: 7 });
  work(unknown, { responses: 4 });
  addApiError(quick);
  work(quick, { responses: 5 });
  work(fast, { responses: 1, fast: [0, 0] });
  return [saturday, gateway, unknown, quick, fast];
}

function writeClaudeCode() {
  const sessions = workdays().flatMap(sessionsOf);
  const rare = rareSessions();
  for (const session of [...sessions, ...rare.slice(1)]) writeSession(session);
  // a process that was killed leaves half a line
  writeSession(rare[0], '{"isSidechain":false,"type":"assistant","message":{"id":"msg_01');
}

// ---- OpenClaw

const JOB = uuid();
const HOME = '/home/dana/.openclaw/workspace';
const CHATS = [
  'What is on today?',
  'Remind me to renew the domain.',
  'Summarise the inbox.',
  'Which build broke?',
  'Thanks.',
];

function newChat(agent, provider, model, at) {
  const chat = { agent, id: uuid(), provider, model, at, lines: [], lastId: null, prompt: 0 };
  chat.lines.push({ type: 'session', version: 3, id: chat.id, timestamp: iso(at), cwd: HOME });
  addEntry(chat, { type: 'model_change', provider, modelId: model });
  return chat;
}

function addEntry(chat, entry) {
  const id = hex(8);
  const { type, ...rest } = entry;
  chat.lines.push({ type, id, parentId: chat.lastId, timestamp: iso(chat.at), ...rest });
  chat.lastId = id;
}

function addMessage(chat, message) {
  chat.at += between(3_000, 40_000);
  addEntry(chat, { type: 'message', message: { ...message, timestamp: chat.at } });
}

function talk(chat, at) {
  chat.at = at;
  addMessage(chat, { role: 'user', content: [{ type: 'text', text: pick(CHATS) }] });
  if (isChance(0.2)) useTool(chat);
  answer(chat, [{ type: 'text', text: pick(ANSWERS) }], 'stop');
}

function useTool(chat) {
  const id = `call_${hex(10)}`;
  answer(chat, [{ type: 'toolCall', id, name: 'exec', arguments: { command: 'date' } }], 'toolUse');
  addMessage(chat, { role: 'toolResult', toolCallId: id, toolName: 'exec', content: [{ type: 'text', text: 'ok' }] });
}

function answer(chat, content, stopReason) {
  const { provider, model } = chat;
  const api = { anthropic: 'anthropic-messages', openai: 'openai-responses', ollama: 'openai-completions' }[provider];
  addMessage(chat, { role: 'assistant', content, api, provider, model, usage: chatUsage(chat), stopReason });
}

/** A chat pauses longer than the cache lives, so that it is often written again. */
function chatUsage(chat) {
  const isWarm = chat.prompt > 0 && isChance(0.4);
  const read = isWarm ? chat.prompt : 0;
  chat.prompt = Math.min(chat.prompt + (chat.prompt === 0 ? 14_000 : between(800, 5_000)), 60_000);
  const fresh = chat.prompt - read;
  const isWritten = chat.provider === 'anthropic';
  const tokens = {
    input: isWritten ? between(4, 60) : fresh,
    output: between(150, 1_400),
    read,
    write5m: isWritten ? fresh : 0,
    write1h: 0,
  };
  return {
    input: tokens.input,
    output: tokens.output,
    cacheRead: tokens.read,
    cacheWrite: tokens.write5m,
    totalTokens: tokens.input + tokens.output + tokens.read + tokens.write5m,
    cost: loggedCost(chat.model, tokens),
  };
}

function loggedCost(model, { input, output, read, write5m }) {
  const price = PRICES[model];
  const parts = {
    input: usd(input, price.input),
    output: usd(output, price.output),
    cacheRead: usd(read, price.read),
    cacheWrite: usd(write5m, price.write5m),
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { ...parts, total: Number(total.toFixed(8)) };
}

function writeChat(chat, ending = '') {
  writeLines(join(OPENCLAW, 'agents', chat.agent, 'sessions', `${chat.id}.jsonl${ending}`), chat.lines);
}

const endingAt = (kind, at) => `.${kind}.${iso(at).replaceAll(':', '-')}`;

/** The main chat starts anew each Monday; what it was before stays as a .reset file. */
function writeMainChats() {
  return mondays().reduce((previous, monday, week) => {
    const chat = newChat(
      'main',
      'anthropic',
      week % 3 === 2 ? OPUS : SONNET,
      time(monday, 7) + between(0, 20 * MINUTE),
    );
    if (previous) writeChat(previous, endingAt('reset', chat.at));
    chat.earlier = previous ? [...previous.earlier, previous.id] : [];
    const ownDays = workdays().filter((day) => day >= monday && time(day, 0) < time(monday, 0) + 5 * DAY);
    for (const day of ownDays) talkToday(chat, day);
    return chat;
  }, undefined);
}

function talkToday(chat, day) {
  talk(chat, time(day, 7.5 + random() / 2));
  if (isChance(0.1)) talk(chat, time(day, 12 + random()));
}

/** A copy from before a compaction, and an answer that a second channel repeats: neither was billed. */
function addCopies(chat) {
  const path = join(OPENCLAW, 'agents', chat.agent, 'sessions', `${chat.id}.checkpoint.${uuid()}.jsonl`);
  writeLines(path, chat.lines);
  addEntry(chat, {
    type: 'compaction',
    summary: 'Short talk.',
    firstKeptEntryId: chat.lastId,
    tokensBefore: chat.prompt,
  });
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
  const content = [{ type: 'text', text: 'Done.' }];
  addMessage(chat, {
    role: 'assistant',
    content,
    provider: 'openclaw',
    model: 'delivery-mirror',
    usage,
    stopReason: 'stop',
  });
}

function writeTelegramChat() {
  const chat = newChat('main', 'anthropic', SONNET, time('2026-03-19', 18));
  for (const day of workdays().filter((each) => weekday(each) === 4 && each < LAST_DAY)) talk(chat, time(day, 18.2));
  writeChat(chat);
  return chat;
}

/** Each run of the job has a session of its own; the last one's is still there. */
function writeCronJob() {
  const chats = mondays().map((monday) => {
    const chat = newChat('main', 'openai', GPT, time(monday, 6));
    useTool(chat);
    talk(chat, chat.at);
    return chat;
  });
  chats.forEach((chat, run) => writeChat(chat, run < chats.length - 1 ? endingAt('deleted', chat.at + 7 * DAY) : ''));
  writeLines(join(OPENCLAW, 'cron', 'runs', `${JOB}.jsonl`), chats.map(cronRun));
  write(
    join(OPENCLAW, 'cron', 'jobs.json'),
    `${JSON.stringify({ version: 1, jobs: [{ id: JOB, name: 'Monday news' }] })}\n`,
  );
  return chats.at(-1);
}

function cronRun(chat) {
  const runAtMs = Date.parse(chat.lines[0].timestamp);
  const { provider, model, at, id } = chat;
  const sum = (name) => chat.lines.reduce((total, line) => total + (line.message?.usage?.[name] ?? 0), 0);
  const usage = { input_tokens: sum('input'), output_tokens: sum('output'), total_tokens: sum('totalTokens') };
  const run = {
    ts: at,
    jobId: JOB,
    action: 'finished',
    status: 'ok',
    sessionId: id,
    sessionKey: `agent:main:cron:${JOB}`,
  };
  return { ...run, runAtMs, durationMs: at - runAtMs, provider, model, usage };
}

function writeResearchChats() {
  const old = newChat('research', 'openai', GPT, time('2026-03-24', 9));
  const current = newChat('research', 'openai', GPT, time('2026-04-14', 9));
  const local = newChat('research', 'ollama', LOCAL, time('2026-04-09', 13));
  for (const day of ['2026-03-24', '2026-03-26', '2026-04-02']) talkAtLength(old, day);
  for (const day of ['2026-04-14', '2026-04-21', '2026-04-28', '2026-04-30']) talkAtLength(current, day);
  for (const day of ['2026-04-09', '2026-04-10', '2026-04-22']) talkAtLength(local, day);
  writeChat(old, endingAt('reset', time('2026-04-14', 9)));
  writeChat(current);
  writeChat(local);
  return { current, local };
}

function talkAtLength(chat, day) {
  for (let turn = 0; turn < 3; turn++) talk(chat, time(day, 9.5 + turn / 8));
}

function writeKeys(agent, chats) {
  const entries = Object.entries(chats).map(([key, chat]) => {
    const { id, at, provider, model, prompt, earlier } = chat;
    const entry = { sessionId: id, updatedAt: at, modelProvider: provider, model, totalTokens: prompt };
    return [key, earlier ? { ...entry, usageFamilySessionIds: [...earlier, id] } : entry];
  });
  write(
    join(OPENCLAW, 'agents', agent, 'sessions', 'sessions.json'),
    `${JSON.stringify(Object.fromEntries(entries), null, 2)}
`,
  );
}

function writeOpenClaw() {
  const main = writeMainChats();
  addCopies(main);
  writeChat(main);
  const { current, local } = writeResearchChats();
  writeKeys('main', {
    'agent:main:main': main,
    'agent:main:telegram:direct:42': writeTelegramChat(),
    [`agent:main:cron:${JOB}`]: writeCronJob(),
  });
  writeKeys('research', { 'agent:research:main': current, 'agent:research:local': local });
}

for (const folder of [PROJECTS, join(OPENCLAW, 'agents'), join(OPENCLAW, 'cron')])
  rmSync(folder, { recursive: true, force: true });
writeClaudeCode();
writeOpenClaw();
