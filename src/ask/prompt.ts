import { createInterface, type Interface } from 'node:readline';
import type { Values } from '../request/arguments.ts';
import { readMemoryLimit, readQueryParams, readTimeout } from '../request/query-options.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { complete } from './complete.ts';
import { endBySignal } from '../ending.ts';
import { closeDatabase, openDatabase, type Connection } from '../database/connection.ts';
import { ClawtraceError, toldLines } from '../errors.ts';
import { readHistory, writeHistory } from './history.ts';
import { log } from '../log.ts';
import { sayAbout, show } from '../output/render.ts';
import { explain } from '../session/explain.ts';
import { open } from './open.ts';
import { runSelect } from './query.ts';
import { addWarnings, WARNING_NAMES } from './warnings.ts';
import { describeViews, listViews } from './describe-views.ts';
import { checkSelect } from '../database/checked-select.ts';
import { readRequest, type Request } from '../request/request.ts';
import type { Session } from '../session/session.ts';
import { isComplete } from './end-of-statement.ts';
import { AGAIN_MS, withLimits, type Limits } from '../database/limits.ts';

const HELP = [
  'SQL over as many lines as it takes, up to a ;',
  '\\d         the views              Tab     completes names',
  '\\d VIEW    its columns            Ctrl-C  stops a query (twice: the prompt, too), or clears the line',
  '\\refresh   reads the logs again   Ctrl-D  leaves, as \\q does',
] as const;

const FIRST = 'clawtrace> ';
const NEXT = '      ...> ';
/** Most rows that are drawn: a table of a million rows would block the prompt. */
const SHOWN_ROWS = 500;

/** What a prompt knows: the logs as they were read, and what to ask of them. */
interface Prompt {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly limits: Limits;
  session: Session;
  /** The database that is running a query, if any. */
  working: Connection | undefined;
  /** Interrupts it, and what it is asked next. */
  stopping: NodeJS.Timeout | undefined;
}

/** Asks for SQL until there is no more. The logs are read once. */
export async function runPrompt(values: Values, catalog: Catalog): Promise<void> {
  const params = readQueryParams(values);
  const request = { ...readRequest(values, catalog), params };
  const limits = { seconds: readTimeout(values), memory: readMemoryLimit(values) };
  if (values.write)
    throw new ClawtraceError('--write needs its SQL on the command line, in a file or on standard input.');
  const session = await openForPrompt(request, limits);
  log.info(`${session.found.files.length.toLocaleString('en-US')} log files. \\? for help, \\q to leave.`);
  await converse({ request, params, limits, session, working: undefined, stopping: undefined });
}

async function openForPrompt(request: Request, { memory }: Limits, onOpen?: (connection: Connection) => void) {
  const connection = await openDatabase(memory);
  onOpen?.(connection);
  try {
    const question = { names: WARNING_NAMES, hasAll: true, isLocked: true, asksOften: true };
    const { session } = await open(connection, request, question);
    await addWarnings(session);
    sayAbout(session);
    return session;
  } catch (error) {
    // the prompt goes on with the logs that it read before
    closeDatabase(connection);
    throw error;
  }
}

/** Lines are handled one at a time, however fast they arrive: a paste brings many at once. */
function converse(prompt: Prompt): Promise<void> {
  let typed = '';
  let turn = Promise.resolve();
  let waiting = 0;
  let isOpen = true;
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    prompt: FIRST,
    history: readHistory(),
    historySize: 1000,
    completer: (line: string, done: (error: null, found: [string[], string]) => void) =>
      void (
        prompt.working ? Promise.resolve<[string[], string]>([[], line]) : complete(prompt.session, typed, line)
      ).then((found) => done(null, found)),
  });
  // readline would leave the terminal as it has set it
  process.once('exit', () => process.stdin.isTTY && process.stdin.setRawMode(false));
  const ask = (): void => {
    if (!isOpen || waiting > 0) return;
    terminal.setPrompt(typed ? NEXT : FIRST);
    terminal.prompt();
  };
  terminal.on('history', (history) => {
    // a statement of several lines is one entry of the history
    if (typed && history.length > 1 && !typed.includes('--')) history.splice(0, 2, `${history[1]} ${history[0]}`);
    writeHistory(history);
  });
  terminal.on('line', (line) => {
    const isCommand = !typed && /^\s*(\\|(exit|quit)\s*;?\s*$)/.test(line);
    typed += typed ? `\n${line}` : line;
    if (!isCommand && !isComplete(typed)) return void (typed.trim() === '' && (typed = ''), ask());
    const statement = typed.trim();
    typed = '';
    waiting++;
    turn = turn
      .then(() => take(prompt, statement, terminal))
      .then(() => {
        waiting--;
        ask();
      });
  });
  terminal.on('SIGINT', () => {
    if (prompt.working) return interrupt(prompt.working, prompt);
    typed = '';
    clearLine(terminal);
    ask();
  });
  ask();
  return new Promise((done) =>
    terminal.on('close', () => {
      isOpen = false;
      if (waiting === 0) process.stdout.write('\n');
      void turn.then(done);
    }),
  );
}

/** A query that does not stop can only be ended with the prompt. */
function interrupt(working: Connection, prompt: Prompt): void {
  if (prompt.stopping) endBySignal('SIGINT');
  working.interrupt();
  prompt.stopping = setInterval(() => working.interrupt(), AGAIN_MS);
}

function clearLine(terminal: Interface): void {
  terminal.write(null, { ctrl: true, name: 'e' });
  process.stdout.write('^C\n');
  terminal.write(null, { ctrl: true, name: 'u' });
}

async function take(prompt: Prompt, statement: string, terminal: Interface): Promise<void> {
  try {
    if (/^(\\q|exit|quit)\b/.test(statement)) return terminal.close();
    if (statement.startsWith('\\')) await runCommand(prompt, statement.replace(/;$/, ''));
    else await runStatement(prompt, statement);
  } catch (thrown) {
    const error = await explain(thrown);
    const [message, ...below] = toldLines(error, error instanceof ClawtraceError);
    log.error(message.replace(/^query:? /, ''), ...below);
  } finally {
    prompt.working = undefined;
    clearInterval(prompt.stopping);
    prompt.stopping = undefined;
  }
}

async function runStatement(prompt: Prompt, statement: string): Promise<void> {
  const { session, params, limits } = prompt;
  const { connection } = session;
  const select = await checkSelect(connection, statement);
  const used = Object.fromEntries(Object.entries(params).filter(([name]) => statement.includes(`$${name}`)));
  prompt.working = connection;
  await withLimits(connection, limits, async () => {
    const shown = await runSelect(connection, select, used);
    await show(session, { ...shown, top: SHOWN_ROWS });
  });
}

async function runCommand(prompt: Prompt, command: string): Promise<void> {
  const [verb, name] = command.split(/\s+/);
  if (verb === '\\d') {
    const { session } = prompt;
    await show(session, name ? await describeViews(session, name) : await listViews(session));
  } else if (verb === '\\refresh') await refresh(prompt);
  else if (verb === '\\?') log.info(...HELP);
  else throw new ClawtraceError(`there is no ${verb}. \\? shows what there is.`);
}

/** A database that is locked down cannot learn of new files: a new one replaces it. */
async function refresh(prompt: Prompt): Promise<void> {
  const { request, limits, session } = prompt;
  prompt.session = await openForPrompt(request, limits, (connection) => (prompt.working = connection));
  closeDatabase(session.connection);
  log.info(`${prompt.session.found.files.length.toLocaleString('en-US')} log files.`);
}
