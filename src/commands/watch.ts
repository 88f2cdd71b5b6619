import { suggestion } from '../suggestion.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArgsDef } from 'citty';
import { splitFirst, type Values } from '../request/arguments.ts';
import { FILTER_ARGS, SETTING_ARGS } from '../request/options.ts';
import { reportArgs } from '../request/report-arguments.ts';
import type { Catalog, Report } from '../catalog/catalog.ts';
import { now } from '../settings/clock.ts';
import { ClawtraceError, toldLines } from '../errors.ts';
import { log } from '../log.ts';
import type { Command } from './command.ts';

const WATCH_ARGS = {
  interval: {
    type: 'string',
    alias: 'i',
    valueHint: 'SECONDS',
    description: 'Seconds between redraws (default: 30)',
  },
} as const satisfies ArgsDef;

const LEAST_SECONDS = 5;
/** Lines of the screen that headings, totals, notes and the last line take. */
const FRAME_LINES = 12;

const DEFAULT_REPORT = 'status';

/** The first argument is the report, which decides the options. */
export const watch: Command = {
  name: 'watch',
  description: 'Redraw a report every few seconds: clawtrace watch status -i 30.',
  args: WATCH_ARGS,
  narrow: async (args, catalog) => {
    const { first = DEFAULT_REPORT, rest } = splitFirst(args, { ...FILTER_ARGS, ...SETTING_ARGS, ...WATCH_ARGS });
    const report = await catalog.report(first);
    if (report) return { command: watchCommand(report), args: rest };
    const names = (await catalog.reports()).map(({ name }) => name);
    throw new ClawtraceError(`watch takes a report, and there is no report '${first}'.${suggestion(first, names)}`);
  },
  run: () => {},
};

/** A report that is redrawn, with its own options. */
function watchCommand(report: Report): Command {
  return {
    name: `watch ${report.name}`,
    description: `Redraw a report every few seconds, until Ctrl-C: ${report.title}

  clawtrace watch ${report.name} -i 30`,
    args: reportArgs(report, WATCH_ARGS),
    run: async (values, catalog) => drawAgain(report, values, catalog),
  };
}

async function drawAgain(report: Report, values: Values, catalog: Catalog): Promise<void> {
  const seconds = readInterval(values.interval as string | undefined);
  const { stdout } = process;
  if (!stdout.isTTY) {
    throw new ClawtraceError(`watch needs a terminal. Without one, use 'clawtrace ${report.name}'.`);
  }
  const { readRequest } = await import('../request/request.ts');
  const { timezone } = readRequest(values, catalog, report);
  const { runReport } = await import('../ask/report.ts');
  const { closeDatabases } = await import('../database/connection.ts');
  const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: timezone });
  process.once('exit', () => stdout.write(LEAVE));
  stdout.write(ENTER);
  for (;;) {
    try {
      const rows = Math.max(1, stdout.rows - FRAME_LINES);
      await runReport(report, values, catalog, { rows, clear: () => stdout.write(CLEAR) });
    } catch (error) {
      stdout.write(CLEAR);
      log.error(...toldLines(await (await import('../session/explain.ts')).explain(error), true));
    } finally {
      closeDatabases();
    }
    log.info('');
    log.info(`${time.format(now())}, every ${seconds} seconds. Ctrl-C ends it.`);
    await sleep(seconds * 1000);
  }
}

/** The terminal's second screen, without a cursor; the first one comes back as it was. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[H\u001b[J';

function readInterval(given = '30'): number {
  if (!/^\d{1,5}$/.test(given) || Number(given) < LEAST_SECONDS) {
    throw new ClawtraceError(`--interval must be ${LEAST_SECONDS} seconds or more, not '${given}'.`);
  }
  return Number(given);
}
