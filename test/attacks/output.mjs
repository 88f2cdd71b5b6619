// Riddles on the command line, names that would be more than text, formats, and places to write to.
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, cpSync, openSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { claudeLine, claudePath, endOf, filesBelow, Home, ROOT } from './home.mjs';

export const attacks = [
  { item: 15, name: 'riddles', run: riddles },
  { item: 15, name: 'a session with a NUL', run: nulSession },
  { item: 15, name: 'a full disk for the output', run: fullOutput },
  { item: 18, name: 'text on a terminal', run: terminalText },
  { item: 19, name: 'JSON of any value', run: json },
  { item: 19, name: 'files of any value', run: exported },
  { item: 19, name: 'targets and places', run: places },
  { item: 19, name: 'paths in a schedule', run: schedule },
];

/** One line that says what is wrong, or an answer; never a stack. */
async function riddles(trial) {
  for (const [args, env, config] of [
    [['query', 'select 1e400']],
    [['query', 'select 1e400', '--json']],
    [['daily', '--demo'], { CLAWTRACE_THREADS: 'x' }],
    [['daily', '--demo'], { CLAWTRACE_THREADS: '1e9' }],
    [['daily', '--demo'], { CLAWTRACE_THREADS: '-1' }],
    [['daily', '--demo'], { TZ: '' }],
    [['daily', '--demo'], { TZ: ':' }],
    [['daily', '--demo'], { TZ: 'Mars/Olympus' }],
    [['daily', '--demo'], { CLAWTRACE_NOW: 'soon' }],
    [['query', 'select 1', '--memory-limit', '1KB']],
    [['query', 'select 1', '--memory-limit', '-1GB']],
    [['query', 'select 1', '--timeout', 'NaN']],
    [['query', 'select 1', '--timeout', '1e99']],
    [['archive'], {}, 'machine = "a\\u0000b"\n'],
    [['daily'], {}, 'machine = "a\\u0000b"\n'],
    [['archive'], {}, `machine = "${'m'.repeat(400)}"\n`],
    [['archive'], {}, 'machine = "../../up"\n'],
    [['daily'], {}, 'logs = ["a\\u0000b/**"]\n'],
    [['daily'], {}, 'archive = ["a\\u0000b"]\n'],
    [['daily'], {}, '\u0000'],
    [['daily'], {}, 'machine = '],
  ]) {
    const home = new Home({
      [claudePath('s1')]: claudeLine('a'),
      ...(config && { '.config/clawtrace/config.toml': config }),
    });
    const { code, stdout, stderr, hangs } = await home.run(args, { env });
    const isAnswer = code === 0 && (stdout !== '' || args[0] === 'archive');
    const isTold =
      code === 1 && stdout === '' && stderr.startsWith('clawtrace: ') && stderr.trim().split('\n').length === 1;
    const isOdd = /undefined|\[object|\n\s+at |Error:/.test(stderr);
    trial.try(
      !hangs && (isAnswer || isTold) && !isOdd,
      `${JSON.stringify([args, env, config])}: exit code ${code}, ${stderr}`,
    );
    const outside = filesBelow(home.path).filter(
      (name) => !/^(\.claude|\.config|\.local\/(share|state)\/clawtrace)\//.test(name),
    );
    trial.try(outside.length === 0, `${JSON.stringify([args, config])} has written ${outside}`);
  }
}

/** No argument of a program can hold a NUL, which a session may: its alert goes out, and those after it. */
async function nulSession(trial) {
  const ids = ['a\0b', 'plain', 'line\nbreak'];
  const at = '2026-06-01T11:59:00.000Z';
  const logs = ids.map((sessionId, index) => [
    claudePath(`s${index}`),
    claudeLine(`r${index}`, { output: 9_000_000, at, sessionId }),
  ]);
  const home = new Home({
    ...Object.fromEntries(logs),
    'told.sh': '#!/bin/sh\necho told >> "$HOME/told"\ncat > /dev/null\n',
  });
  chmodSync(home.at('told.sh'), 0o755);
  const alerts = JSON.parse((await home.run(['alerts', '--json'])).stdout).rows.length;
  const { stderr } = await home.run(['alerts', '--exec', home.at('told.sh')]);
  const told = filesBelow(home.path).includes('told')
    ? readFileSync(home.at('told'), 'utf8').trim().split('\n').length
    : 0;
  trial.try(alerts > 2 && told === alerts, `${told} of ${alerts} alerts were sent: ${stderr}`);
  const again = await home.run(['alerts', '--exec', home.at('told.sh')]);
  trial.try(readFileSync(home.at('told'), 'utf8').trim().split('\n').length === told, `sent again: ${again.stderr}`);
}

async function fullOutput(trial) {
  if (process.platform !== 'linux') return trial.skip('this system has no /dev/full');
  const home = new Home({ [claudePath('s1')]: claudeLine('a') });
  for (const args of [
    ['daily'],
    ['daily', '--json'],
    ['daily', '--format', 'csv'],
    ['query', 'from range(100000)', '--json'],
    ['--help'],
    ['schema'],
    ['init-sql'],
    ['config'],
  ]) {
    const full = openSync('/dev/full', 'w');
    const child = home.start(args, { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    const { code, stderr } = await endOf(child);
    trial.try(code === 1 && /ENOSPC/.test(stderr), `${args.join(' ')}: exit code ${code}, ${stderr}`);
  }
}

const EVIL = 'gpt\nwarning: all is well\r\u001b]0;title\u0007\u001b[31m\u061c\u2028\u2029\u202e\u200b\u{e0041}';
/** What must never reach a terminal from a name: the line's own end aside. */
const UNSEEN = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\u{e0041}]/u;

async function terminalText(trial) {
  const home = new Home({
    [claudePath('s1')]: claudeLine('a', {
      model: EVIL,
      cwd: `/src/${EVIL}`,
      sessionId: EVIL,
      gitBranch: EVIL,
      agentId: EVIL,
    }),
    [`.claude/projects/${EVIL.replaceAll('/', '')}/s2.jsonl`]: '{"broken',
    '.config/clawtrace/reports/mine.sql': `-- Mine \u001b[31m red.\n-- @column one One \u202e.\nselect 1 as one\n`,
  });
  const quoted = `"${EVIL}"`;
  for (const args of [
    ...[
      'daily',
      'models',
      'projects',
      'sessions',
      'branches',
      'agents',
      'doctor',
      'sources',
      'top',
      'mine',
      'optimize',
    ].map((name) => [name]),
    ...['markdown', 'csv'].map((format) => ['models', '--format', format]),
    ['query', `select 1 as ${quoted}`],
    ['query', `select * from ${quoted}`],
    ['query', `select ${quoted} from usage`],
    ['mine', '--help'],
    ['--help'],
    [EVIL],
    ['daily', `--${EVIL}`],
    ['daily', '--model', EVIL],
    ['daily', '--logs', EVIL],
    ['daily', '--config', EVIL],
    ['explain', EVIL],
    ['export', 'usage', '-o', `${EVIL.replaceAll('/', '')}.xyz`],
  ]) {
    const { stdout, stderr } = await home.run(args);
    // files are for programs, and keep what was logged
    const shown = args.includes('csv') ? stderr : stdout + stderr;
    const found = UNSEEN.exec(shown.replaceAll('\ufe0f', ''));
    trial.try(
      !found,
      () => `${JSON.stringify(args)}: ${JSON.stringify(shown.slice(Math.max(0, found.index - 60), found.index + 20))}`,
    );
    trial.try(!/^warning: all is well/m.test(shown), `${JSON.stringify(args)}: a line that a name has brought`);
  }
}

async function json(trial) {
  const home = new Home();
  for (const sql of [
    "select {'a': [{'b': '-inf'::float, 'c': ['nan'::double]}]} as x",
    "select map {'inf'::double: ['nan'::double]} as x",
    "select [['inf'::double], null, []] as x, 'Infinity' as y, 'a \"NaN\"' as z",
    "select union_value(a := 'nan'::double) as x, array['inf'::float, 1]::float[2] as y",
    "select 'infinity'::timestamp as x, '-infinity'::date as y, ['infinity'::date] as z",
    "select chr(0) || chr(31) || chr(8232) as x, 'a\\xFF'::blob as y, '101'::bit as z",
    'select 170141183460469231731687303715884105727::hugeint as x, interval 1 year as y, uuid() as z',
    'select 1 as a, 2 as a, 3 as "A"',
    'select 2 as """", 3 as "__proto__"',
    'from test_all_types()',
  ])
    for (const format of ['json', 'ndjson']) {
      const { code, stdout, stderr } = await home.run(['query', sql, '--format', format]);
      const texts = format === 'json' ? [stdout] : stdout.trim().split('\n');
      const isJson = code === 0 && texts.every(parses);
      trial.try(isJson, `${sql}, ${format}: exit code ${code}, ${stderr}`);
    }
}

function parses(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts keep what is after a NUL, whatever they are written to. */
async function exported(trial) {
  const home = new Home();
  const sql = "select 'before' || chr(0) || 'after' as x, ['in' || chr(0) || 'a list'] as y";
  for (const ending of ['parquet', 'arrow', 'arrows', 'csv', 'jsonl', 'xlsx']) {
    const { code, stderr } = await home.run(['export', sql, '-o', `x.${ending}`]);
    const text = code === 0 && ending !== 'xlsx' ? readFileSync(home.at(`x.${ending}`), 'latin1') : '';
    const isKept = ending === 'xlsx' ? code === 0 : /before(\0|\\u0000)after/.test(text);
    trial.try(isKept, `${ending}: exit code ${code}, ${stderr}`);
  }
  for (const [value, codes] of [
    ["'a' || chr(0) || 'b'", [0]],
    ["repeat('a', 5000)", [1]],
    ["repeat('ü', 100)", [0, 1]],
    ["'..'", [0]],
    ["'/'", [0]],
  ]) {
    const { code, stderr } = await home.run([
      'export',
      `select 1 as id, ${value} as k`,
      '--partition-by',
      'k',
      '-o',
      `by ${value.replaceAll('/', '')}`,
    ]);
    const isTold = code === 0 || stderr.trim().split('\n').length === 1;
    trial.try(
      codes.includes(code) && isTold && !/\n\s+at /.test(stderr),
      `by ${value}: exit code ${code}, ${stderr.slice(0, 300)}`,
    );
  }
  const outside = readdirSync(home.path).filter((name) => !/^(by |x\.|\.|tmp$)/.test(name));
  trial.try(outside.length === 0, `written beside the folders: ${outside}`);
}

/** What is read-only stays; what is no absolute path is no place for data. */
async function places(trial) {
  const home = new Home({ [claudePath('s1')]: claudeLine('a'), 'old.csv': 'old' });
  chmodSync(home.at('old.csv'), 0o444);
  for (const args of [
    ['export', 'usage', '-o', 'old.csv'],
    ['dashboard', '-o', 'old.csv'],
  ]) {
    const { code, stderr } = await home.run(args);
    trial.try(
      code === 1 && readFileSync(home.at('old.csv'), 'utf8') === 'old',
      `${args.join(' ')}: exit code ${code}, ${stderr}`,
    );
  }
  for (const value of ['here', './here', '~', '']) {
    const env = { XDG_DATA_HOME: value, XDG_CONFIG_HOME: value, XDG_STATE_HOME: value };
    const { code, stderr } = await home.run(['archive'], { env });
    trial.try(
      code === 0 && !readdirSync(home.path).includes(value || 'clawtrace'),
      `XDG_DATA_HOME=${value}: ${stderr}`,
    );
    trial.try(home.parts().length > 0, `XDG_DATA_HOME=${value}: nothing in the usual place`);
    home.remove('.local');
  }
}

/** A line for a shell runs what it names, and nothing that is in its path. */
async function schedule(trial) {
  const home = new Home({ [claudePath('s1')]: claudeLine('a') });
  const place = home.at('a "b" $(touch fallen) `touch fallen` $HOME 100% c');
  for (const name of ['dist', 'sql', 'pricing', 'package.json'])
    cpSync(join(ROOT, name), join(place, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'), 'junction');
  const env = home.environment();
  const printed = (kind) =>
    spawnSync(process.execPath, [join(place, 'dist/cli.js'), 'schedule', '--print', kind], { env, encoding: 'utf8' });
  const lines = {
    // cron takes a backslash away before %, and the five fields of the time
    cron: (text) =>
      text
        .trim()
        .split('\n')
        .at(-1)
        .replace(/^(\S+ ){5}/, '')
        .replaceAll('\\%', '%'),
    'claude-hook': (text) => JSON.parse(text.replace(/^\/\/.*\n/, '')).hooks.SessionEnd[0].hooks[0].command,
  };
  for (const [kind, lineOf] of Object.entries(lines)) {
    const { stdout, stderr } = printed(kind);
    const run = spawnSync('sh', ['-c', lineOf(stdout)], { env, cwd: home.path, encoding: 'utf8' });
    const isFallen = readdirSync(home.path).includes('fallen');
    trial.try(run.status === 0 && !isFallen && home.parts().length > 0, `${kind}: ${stderr}${run.stderr}`);
    home.remove('.local', 'fallen');
  }
  trial.try(printed('systemd').stdout.includes(`\\"b\\" $$(touch`), `systemd: ${basename(place)}`);
}
