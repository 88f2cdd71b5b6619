import { suggestion } from './suggestion.ts';
import { stripVTControlCharacters } from 'node:util';
import { parseStrict, splitFirst } from './request/arguments.ts';
import { FILTER_ARGS, FORMAT_ARGS, SETTING_ARGS } from './request/options.ts';
import { readCatalog, type Catalog } from './catalog/catalog.ts';
import { alertsCommand } from './commands/alerts.ts';
import { archive } from './commands/archive.ts';
import { usageOf, type Command, type Narrowed } from './commands/command.ts';
import { config } from './commands/config.ts';
import { dashboard } from './commands/dashboard.ts';
import { engine } from './commands/engine.ts';
import { exportTo } from './commands/export.ts';
import { initSql } from './commands/init-sql.ts';
import { query } from './commands/query.ts';
import { reportCommand } from './commands/report.ts';
import { schedule } from './commands/schedule.ts';
import { schema } from './commands/schema.ts';
import { serve } from './commands/serve.ts';
import { watch } from './commands/watch.ts';
import { ownReportsFolder } from './settings/folders.ts';
import { ClawtraceError, toldLines } from './errors.ts';
import { log } from './log.ts';
import { packageVersion } from './package.ts';

const COMMANDS: readonly Command[] = [
  query,
  schema,
  initSql,
  dashboard,
  serve,
  watch,
  exportTo,
  engine,
  archive,
  schedule,
  config,
];
const DEFAULT_COMMAND = 'status';
/** Options that may come before the verb. */
const SHARED_ARGS = { ...FILTER_ARGS, ...FORMAT_ARGS, ...SETTING_ARGS };

/** Runs a command line. Its output goes to the streams of the process, its success is the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await dispatch(argv);
  } catch (thrown) {
    const error = await explained(thrown);
    log.error(...toldLines(error, isMendable(error)));
    process.exitCode = 1;
  }
}

/** Most errors explain themselves: explaining the others loads DuckDB. */
async function explained(thrown: unknown): Promise<unknown> {
  return isMendable(thrown) ? thrown : (await import('./session/explain.ts')).explain(thrown);
}

/** Errors of the system name the file and say why: a full disk, a folder that cannot be written, a loop of links. */
function isMendable(error: unknown): error is Error {
  return error instanceof ClawtraceError || (error instanceof Error && 'syscall' in error);
}

async function dispatch(argv: readonly string[]): Promise<void> {
  const { first: verb, rest } = splitFirst(argv, SHARED_ARGS);
  if (verb === undefined && rest.includes('--version')) return write(packageVersion());
  const catalog = await readCatalog(ownReportsFolder(), ['help', 'alerts ack', ...COMMANDS.map(({ name }) => name)]);
  const wantsHelp = beforeDashes(rest).some((argument) => argument === '--help' || argument === '-h');
  if ((verb === undefined && wantsHelp) || (verb === 'help' && rest.length === 0))
    return write(await rootHelp(catalog));
  const { command, args } = await findCommand(verb === 'help' ? rest : argv, catalog);
  if (wantsHelp || verb === 'help') return write(await commandHelp(command));
  await command.run(parseStrict(command.args, args, command.name), catalog);
  if (verb === undefined && process.stdout.isTTY) {
    log.info('');
    log.info('More: clawtrace daily, sessions, models, projects … clawtrace --help lists everything.');
  }
}

/** SQL may begin with a comment: what begins with -- and contains white space is not an option. */
function protectSql(rest: readonly string[]): string[] {
  const index = rest.findIndex((argument) => /^--[^=]*\s/.test(argument));
  if (index < 0 || rest.includes('--')) return [...rest];
  return [...rest.slice(0, index), ...rest.slice(index + 1), '--', rest[index]!];
}

function beforeDashes(rest: readonly string[]): readonly string[] {
  const dashes = rest.indexOf('--');
  return dashes < 0 ? rest : rest.slice(0, dashes);
}

/** The command that the arguments name with one word, or with two as in alerts ack, and what is left of them. */
async function findCommand(argv: readonly string[], catalog: Catalog): Promise<Narrowed> {
  const { first: verb = DEFAULT_COMMAND, rest } = splitFirst(argv, SHARED_ARGS);
  const command = await commandOf(verb, catalog);
  if (!command) {
    const known = [...(await catalog.reports()), ...COMMANDS].map((other) => other.name);
    throw new ClawtraceError(`there is no command '${verb}'.${suggestion(verb, known)} 'clawtrace --help' lists them.`);
  }
  const next = splitFirst(rest, SHARED_ARGS);
  const long = `${verb} ${next.first}`;
  const action = command.actions?.find(({ name }) => name === long) ?? (await commandOf(long, catalog));
  if (action) return { command: action, args: next.rest };
  const args = command.takesSql ? protectSql(rest) : rest;
  return (await command.narrow?.(args, catalog)) ?? { command, args };
}

async function commandOf(name: string, catalog: Catalog): Promise<Command | undefined> {
  const report = await catalog.report(name);
  if (report) return report.name === 'alerts' ? alertsCommand(report) : reportCommand(report);
  return COMMANDS.find((known) => known.name === name);
}

async function commandHelp(command: Command): Promise<string> {
  const usage = await usageOf(command);
  const hasColor = process.stdout.isTTY && !process.env.NO_COLOR;
  const text = (hasColor ? usage : stripVTControlCharacters(usage)).replace(` (clawtrace ${command.name})`, '').trim();
  return text.split('\n').map(alignLeft).join('\n');
}

/** citty sets option names flush right, which hides the short ones. */
function alignLeft(line: string): string {
  const option = /^ +((?:\u001b\[\d+m)?-.*?) {2,}(\S.*)$/.exec(line);
  if (!option) return line.trimEnd();
  const padding = ' '.repeat(Math.max(0, 32 - stripVTControlCharacters(option[1]!).length));
  return `  ${option[1]}${padding}  ${option[2]!.trimEnd()}`;
}

async function rootHelp(catalog: Catalog): Promise<string> {
  const list = (entries: readonly (readonly [string, string])[]): string[] =>
    entries.map(([name, text]) => `  ${name.padEnd(14)}  ${text}`);
  const reports = await catalog.reports();
  const own = reports.filter((report) => report.isOwn);
  return [
    'What your AI coding agents cost, from the logs they already write.',
    '',
    'Usage: clawtrace [COMMAND] [OPTIONS]     without a command: status',
    '',
    'Reports',
    ...list(reports.filter((report) => !report.isOwn).map((report) => [report.name, report.title])),
    ...(own.length > 0 ? ['', 'Your own reports', ...list(own.map((report) => [report.name, report.title]))] : []),
    '',
    'Commands',
    ...list(COMMANDS.map(({ name, description }) => [name, description.split('\n')[0]!])),
    '',
    `Every report of the logs takes --since, --until, --last 7d, --today, filters such as --project and --model,`,
    `--json, --format csv, --timezone, --logs and --demo: see 'clawtrace daily --help'.`,
  ].join('\n');
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
