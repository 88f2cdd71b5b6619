// Runs what `clawtrace engine clickhouse` prints in ClickHouse itself, over an export, and compares every
// figure with ours: npm run test:engine. On Windows there is no such package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Session } from 'chdb';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const MAKE_LOGS = fileURLToPath(new URL('../bench/make-logs.mjs', import.meta.url));
const ZONES = ['UTC', 'America/Los_Angeles', 'Asia/Kolkata'];
const FIGURES = [
  'responses',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'total_tokens',
  'cost',
  'unpriced_responses',
];
/** The columns that both sides have, the key first. */
const REPORTS = {
  daily: ['day', 'sessions', ...FIGURES],
  models: ['model', 'sessions', ...FIGURES],
  projects: ['project_path', 'sessions', ...FIGURES],
  sessions: ['session_id', 'source', 'started_at', 'ended_at', ...FIGURES],
};

let folder;
let clickhouse;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrace-engine-'));
  execFileSync(process.execPath, [MAKE_LOGS, join(folder, 'home'), '--mib', '24', '--seed', '7', '--openclaw', '0.2']);
  clickhouse = new Session();
  clickhouse.query('set output_format_decimal_trailing_zeros = 1');
});
after(() => {
  clickhouse.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [logs, options] of Object.entries({ demo: ['--demo'], generated: [] })) {
  test(`ClickHouse and clawtrace agree to the last digit on the ${logs} logs`, () => {
    const at = join(folder, logs);
    clawtrace('export', 'usage', '--partition-by', 'month,source', '-o', at, ...options);
    for (const zone of ZONES) {
      const answers = run(clawtrace('engine', 'clickhouse', '--at', at, '--timezone', zone));
      assert.deepEqual(Object.keys(answers), Object.keys(REPORTS));
      for (const [report, columns] of Object.entries(REPORTS)) {
        const ours = parse(clawtrace(report, '--format', 'csv', '--timezone', zone, ...options));
        assert.ok(ours.length > 1);
        assert.deepEqual(table(answers[report], columns), table(ours, columns), `${report} in ${zone}`);
      }
    }
  });
}

function clawtrace(...args) {
  const home = join(folder, 'home');
  return execFileSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home, TZ: 'UTC', CLAWTRACE_NOW: '2026-05-01T12:00:00Z' },
  });
}

/** Runs the statements, and returns the answer of each that a comment names as a report. */
function run(sql) {
  const answers = {};
  for (const statement of sql.split(/;\n/).filter((text) => text.trim())) {
    const report = /^\s*-- (\w+)(, .*)?\n/.exec(statement)?.[1];
    const answer = clickhouse.query(statement, 'CSVWithNames');
    if (report in REPORTS) answers[report] = parse(answer);
  }
  return answers;
}

/** Records of a CSV file. NULL is the same as nothing. */
function parse(csv) {
  const lines = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    lines.at(-1).push(quoted?.replaceAll('""', '"') ?? plain.replace(/^\\N$/, ''));
    if (end === '\n') lines.push([]);
  }
  const [head, ...body] = lines.filter((line) => line.length > 1);
  return body.map((line) => Object.fromEntries(head.map((name, index) => [name, line[index]])));
}

/** The columns of interest, by the key; times in one spelling. */
function table(records, columns) {
  const value = (record, name) =>
    name.endsWith('_at')
      ? new Date(record[name].replace(' ', 'T').replace(/Z?$/, 'Z')).toISOString()
      : (record[name] ?? record[name.replace('_path', '')]);
  return records.map((record) => columns.map((name) => value(record, name))).sort();
}
