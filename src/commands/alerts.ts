import { addAlertEvents, type AlertEvent } from '../session/alert-events.ts';
import type { Values } from '../request/arguments.ts';
import { FILTER_ARGS, KEYS_ARG, SETTING_ARGS } from '../request/options.ts';
import { paramArgs } from '../request/report-params.ts';
import type { Catalog, Report } from '../catalog/catalog.ts';
import { ClawtraceError } from '../errors.ts';
import { log } from '../log.ts';
import { machineRecord } from '../output/sql-text.ts';
import { printable } from '../printable.ts';
import type { Ran } from '../ask/report.ts';
import type { Command } from './command.ts';
import { reportCommand } from './report.ts';

/** An alert of the report, as a command gets it. */
interface Alert {
  readonly key: string;
  readonly severity: string;
  readonly message: string;
  readonly json: string;
}

/** The report of alerts, with a command to run for new ones and a verb to acknowledge them. */
export function alertsCommand(report: Report): Command {
  const command = reportCommand(report);
  return {
    ...command,
    args: {
      ...command.args,
      exec: {
        type: 'string',
        valueHint: 'CMD',
        description:
          'Run this program for each new alert, without a shell: its one argument is the message, its stdin the alert as JSON',
      },
    },
    run: async (values, catalog) => {
      const { openReport, printReport } = await import('../ask/report.ts');
      const ran = await openReport(report, values, catalog);
      await printReport(report, ran);
      if (values.exec) await execute(values.exec as string, ran);
    },
    actions: [ackCommand(report)],
  };
}

/** Parameters of the report only. */
const OF_REPORT = ['exit_code', 'dedup_minutes'];

function ackCommand(report: Report): Command {
  return {
    name: 'alerts ack',
    description: `Acknowledge alerts, by KEY or all of them.

They are hidden for the rest of their day, unless they become critical.

  clawtrace alerts ack daily_budget
  clawtrace alerts ack --all`,
    args: {
      key: KEYS_ARG,
      ...paramArgs(report.params.filter(({ name }) => !OF_REPORT.includes(name))),
      all: { type: 'boolean', description: 'Acknowledge all alerts' },
      ...FILTER_ARGS,
      ...SETTING_ARGS,
    },
    run: (values, catalog) => acknowledge(report, values, catalog),
  };
}

async function acknowledge(report: Report, values: Values, catalog: Catalog): Promise<void> {
  const wanted = (values.key ?? []) as string[];
  if (wanted.length > 0 === Boolean(values.all)) {
    throw new ClawtraceError("Name alerts by KEY, or all of them with --all. 'clawtrace alerts' lists the keys.");
  }
  if (values.demo)
    throw new ClawtraceError('the sample logs have no alerts of yours to acknowledge: leave out --demo.');
  const ran = await (await import('../ask/report.ts')).openReport(report, { ...values, all: true }, catalog);
  const open = await alerts(ran, 'not acknowledged');
  const chosen = values.all ? open : wanted.map((key) => findAlert(key, open));
  addAlertEvents(chosen.map((alert) => eventOf('ack', alert, ran)));
  for (const alert of chosen) log.info(`Acknowledged ${alert.key}.`);
  if (chosen.length === 0) log.info('There is no alert to acknowledge.');
}

/** The alert with that key, or the only one whose key contains it. */
function findAlert(key: string, open: readonly Alert[]): Alert {
  const found = open.filter((alert) => alert.key.includes(key));
  const alert = open.find((other) => other.key === key) ?? (found.length === 1 ? found[0] : undefined);
  if (alert) return alert;
  if (found.length > 1) throw new ClawtraceError(`'${key}' matches ${found.length} keys. Give more of the key.`);
  throw new ClawtraceError(`there is no open alert '${key}'. 'clawtrace alerts' lists the keys.`);
}

/** Failures are not recorded, so that they are tried again; nor are alerts of the sample logs. */
async function execute(program: string, ran: Ran): Promise<void> {
  for (const alert of await alerts(ran, 'is_new and not acknowledged')) {
    const problem = await runProgram(program, alert);
    if (problem) {
      log.error(`--exec ${program}: ${problem}`);
      process.exitCode = 1;
    } else if (!ran.session.request.isDemo) addAlertEvents([eventOf('exec', alert, ran)]);
  }
}

async function runProgram(program: string, { message, json }: Alert): Promise<string | undefined> {
  const { spawn } = await import('node:child_process');
  return new Promise<string | undefined>((done, fail) => {
    // what it prints goes to stderr: stdout is data. No argument can hold a NUL, which a session of the logs may
    const child = spawn(program, [printable(message)], { stdio: ['pipe', 2, 2], windowsHide: true });
    child.on('error', fail);
    child.on('close', (code, signal) => done(code === 0 ? undefined : `exited with ${code ?? signal}.`));
    // the program need not read its stdin
    child.stdin!.on('error', () => {});
    child.stdin!.end(`${json}\n`);
  }).catch((error: Error) => error.message);
}

async function alerts({ session, result }: Ran, condition: string): Promise<Alert[]> {
  const { rows } = await import('../database/connection.ts');
  const record = `to_json(${machineRecord(result.columns)})::varchar`;
  const found = await rows(
    session.connection,
    `select key, severity, message, ${record} as json from ${result.table} where ${condition} order by rowid`,
  );
  return found as unknown as Alert[];
}

const eventOf = (event: AlertEvent['event'], { key, severity }: Alert, { session }: Ran): AlertEvent => ({
  event,
  key,
  severity,
  happened_at: session.request.now.toISOString(),
});
