import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { printable } from '../src/printable.ts';
import {
  ask,
  claudeLine,
  claudePath,
  clawtrace,
  CLI,
  environment,
  homeWith,
  spawnClawtrace,
  temporaryFolder,
} from './helpers.ts';

describe('wrong usage is one line on stderr, and exit code 1', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['an unknown command', ['dialy'], "there is no command 'dialy'. Did you mean 'daily'?"],
    ['a name of the prototype', ['constructor'], "there is no command 'constructor'."],
    ['an unknown option', ['daily', '--sicne', '2026-01-01'], "unknown option '--sicne'. Did you mean '--since'?"],
    ['a surplus argument', ['daily', 'now'], "'now' is an unexpected argument."],
    ['a value left out', ['daily', '--since', '--json'], '--since needs a value.'],
    ['a day that is none', ['daily', '--since', '2026-02-30'], "--since is not a day: '2026-02-30'. Use YYYY-MM-DD"],
    [
      'days in the wrong order',
      ['daily', '--since', '2026-02-03', '--until', '20260201'],
      '--since 2026-02-03 is after --until 2026-02-01.',
    ],
    ['two windows', ['daily', '--today', '--last', '7d'], 'exclude each other'],
    ['a zone that is none', ['daily', '-z', 'Mars/Olympus'], "there is no time zone 'Mars/Olympus'. Use an IANA zone"],
    ['a format that is none', ['daily', '--format', 'xml'], '--format must be one of table, json'],
    ['a source that is none', ['daily', '--source', 'vim'], "there is no source 'vim'. Known: claude_code, openclaw."],
    ['a breakdown that is none', ['daily', '--breakdown=colour'], '--breakdown must be one of model'],
    ['a breakdown by the key', ['models', '-b'], 'models already has a row for each model'],
    ['a parameter that is none', ['daily', '--unpriced'], "unknown option '--unpriced'."],
    ['no SQL', ['query'], 'query needs SQL: one SELECT'],
    ['SQL that writes', ['query', 'drop view usage'], 'query takes one SELECT'],
    ['two statements', ['query', 'select 1; select 2'], 'one SELECT at a time'],
    ['SQL that does not parse', ['query', 'selct 1'], 'syntax error'],
    ['two formats', ['daily', '--json', '--format', 'csv'], '--json and --format csv exclude each other.'],
    [
      'an archive and none',
      ['daily', '--archive', '.', '--no-archive'],
      '--archive and --no-archive exclude each other',
    ],
    ['a filter of nothing', ['daily', '--model', ''], '--model needs a value that is not empty.'],
    [
      'logs of a source that is none',
      ['daily', '--logs', 'codex=/logs'],
      "there is no source 'codex', and no such file. Known: claude_code, openclaw.",
    ],
    ['a day to explain that is none', ['explain', '2026-02-31', '--demo'], "WHAT is not a day: '2026-02-31'."],
    ['a name with a NUL', ['daily', '--project', 'a\0b'], '--project holds a NUL character: no name has one.'],
    ['a config file that is not there', ['daily', '--config', 'none.toml'], 'There is no config file'],
  ];
  it.concurrent.each(cases)('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await clawtrace(args, { cwd: temporaryFolder() });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([1, '']);
  });
});

describe('the process', () => {
  it('prints data to stdout and messages to stderr, and exits with what the report found', async () => {
    const torn = `${JSON.stringify(claudeLine({ usage: { input: 5 } }))}\n{"type":"assistant","mess\n`;
    const home = homeWith({ [claudePath('s1')]: torn });
    const daily = await spawnClawtrace(['daily', '--format', 'csv'], { home });
    expect([daily.code, daily.stdout.split('\n')[1]]).toEqual([0, expect.stringMatching(/^2026-04-01,1,.*,5,/)]);
    expect(daily.stderr).toMatch(
      /^warning: 1 damaged log line in 1 file is not counted, the first in .*s1\.jsonl:2\.\n/,
    );
    const doctor = await spawnClawtrace(['doctor', '--strict', '--json'], { home });
    expect([doctor.code, JSON.parse(doctor.stdout).report, doctor.stderr]).toEqual([1, 'doctor', '']);
    expect(await spawnClawtrace(['dialy'], { home })).toEqual({
      code: 1,
      stdout: '',
      stderr: "clawtrace: there is no command 'dialy'. Did you mean 'daily'? 'clawtrace --help' lists them.\n",
    });
  });

  it('reads standard input', async () => {
    const run = await spawnClawtrace(['query', '--format', 'csv'], { input: 'select 6 * 7 as answer;\n' });
    expect([run.code, run.stdout]).toEqual([0, 'answer\n42\n']);
  });

  it('takes a number of threads that is one, and an empty TZ for UTC', async () => {
    const wrong = await clawtrace(['daily', '--demo'], { env: { CLAWTRACE_THREADS: 'x' } });
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([
      1,
      '',
      "clawtrace: CLAWTRACE_THREADS must be a whole number from 1 on, not 'x'.\n",
    ]);
    const { stdout } = await spawnClawtrace(['config'], { env: { TZ: '' } });
    expect(stdout).toContain('timezone = "UTC"\n');
  });

  it.skipIf(process.platform !== 'linux')('says that its output cannot be written', async () => {
    const full = openSync('/dev/full', 'w');
    const env = environment(temporaryFolder());
    const child = spawn(process.execPath, [CLI, 'daily', '--demo'], { env, stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    const said = await text(child.stderr!);
    expect(said).toBe('clawtrace: cannot write to standard output: ENOSPC: no space left on device, write\n');
    expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(1);
  });

  it('says in one line that there is no temporary folder, and before that what is wrong with the words', async () => {
    const env = { TMPDIR: '/nowhere', TEMP: '/nowhere', TMP: '/nowhere' };
    const { code, stdout, stderr } = await spawnClawtrace(['daily', '--demo'], { env });
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^clawtrace: ENOENT: .*nowhere.*\n$/)]);
    const both = await spawnClawtrace(['daily', '--config', 'none.toml'], { env, cwd: temporaryFolder() });
    expect([both.code, both.stderr]).toEqual([1, expect.stringMatching(/^clawtrace: There is no config file .*\n$/)]);
  });

  it('ends without a word when nobody reads on', async () => {
    const child = spawn(process.execPath, [CLI, 'focus', '--demo', '--json'], { env: environment(temporaryFolder()) });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // more than a pipe holds: what is read first is the begin of it
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.on('close', done));
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('the command line', () => {
  const home = () => homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1_000_000 } })] });

  it('shows status without a command', async () => {
    const { stdout, code } = await clawtrace([], { home: home(), env: { CLAWTRACE_NOW: '2026-04-01T12:00:00Z' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/today +2026-04-01 +2026-04-01 +1 +1 +1,000,000 +\$5\.00/);
  });

  it('takes options before and after the verb, and the short forms people know', async () => {
    const there = { home: home() };
    const long = await clawtrace(
      ['daily', '--json', '--timezone', 'UTC', '--since', '2026-04-01', '--until', '2026-04-01'],
      there,
    );
    const short = await clawtrace(['-j', '-z', 'UTC', 'daily', '-s', '20260401', '-u', '20260401'], there);
    expect(JSON.parse(long.stdout).rows).toHaveLength(1);
    expect(short.stdout).toBe(long.stdout);
  });

  it('takes SQL that begins with a comment', async () => {
    for (const sql of ['-- how many\nselect count(*) as n from usage', '--how many\nselect count(*) as n from usage']) {
      const { rows } = await ask(['query', sql], { home: home() });
      expect(rows).toEqual([{ n: 1 }]);
    }
    const { rows } = await ask(['query', 'select count(*) as n from usage', '--project=my app'], { home: home() });
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('prints help to stdout without opening anything', async () => {
    for (const args of [['--help'], ['daily', '--help'], ['help', 'daily'], ['query', '-h']]) {
      const { code, stdout, stderr } = await clawtrace(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/daily|SELECT/);
      expect(stdout).not.toContain('\u001b');
    }
    const { stdout } = await clawtrace(['--version']);
    expect(stdout.trim()).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
  });

  it('opens DuckDB only when there is something to ask', async () => {
    const loads = async (...args: string[]) =>
      (await spawnClawtrace(args, { env: { NODE_DEBUG: 'module' } })).stderr.includes('duckdb.node');
    expect(await Promise.all([loads('--help'), loads('alerts', '--help'), loads('--version')])).toEqual([
      false,
      false,
      false,
    ]);
    expect(await loads('daily', '--demo')).toBe(true);
  });

  it('takes a folder that is named like a source for what it is', async () => {
    const home = homeWith({ 'year=2026/a.jsonl': [claudeLine({ usage: { input: 5 } })] });
    for (const logs of ['year=2026', 'year=20*/*.jsonl'])
      expect((await ask(['daily', '--logs', logs], { home, cwd: home })).rows).toHaveLength(1);
  });

  it('says once that nothing matches, however many parts a report has', async () => {
    const { stderr } = await clawtrace(['explain', '1999-01-01', '--demo']);
    expect(stderr.match(/No usage matches/g)).toHaveLength(1);
  });

  it('finds no logs: says where it looked, and offers the demo', async () => {
    const { code, stderr } = await clawtrace(['daily']);
    expect(code).toBe(0);
    expect(stderr).toContain('.claude/projects');
    expect(stderr).toContain('.openclaw/agents');
    expect(stderr).toContain('--demo');
    const { rows, totals } = await ask(['daily']);
    expect([rows, totals.cost, totals.responses]).toEqual([[], 0, 0]);
  });

  it('cannot be steered by names in the logs', async () => {
    const evil = 'claude\u001b[31m\u202e-red';
    const there = { home: homeWith({ [claudePath('s1')]: [claudeLine({ message: { model: evil } })] }) };
    const { stdout, stderr } = await clawtrace(['models'], there);
    expect(stderr).toContain('-red: no price');
    for (const text of [stdout, stderr]) expect(text).not.toMatch(/\u001b|\u202e/);
    const { rows } = await ask(['models'], there);
    expect(rows[0]!.model).toBe(evil);
  });

  it('prints no line that a name in the logs has brought', async () => {
    const evil = 'gpt\nwarning: all is well\r\u2028warning: nothing to see';
    const there = { home: homeWith({ [claudePath('s1')]: [claudeLine({ message: { model: evil } })] }) };
    const { stdout, stderr } = await clawtrace(['models'], there);
    expect(stderr).toMatch(
      /^warning: 1 response of gpt\ufffdwarning: all is well\ufffd\ufffdwarning: nothing to see: no price, [^\n]*\n$/,
    );
    // a heading of two lines, a rule, the row, a rule and the totals
    expect(stdout.trimEnd().split(/[\n\r\u2028]/)).toHaveLength(6);
    const quiet = await clawtrace(['query', `select 1 as "a\u001b[31m\nb"`, '--logs', join(there.home, 'x\ny')], there);
    expect(quiet.stdout).toMatch(/^a\ufffd\[31m\ufffdb\n/);
    expect(quiet.stderr).not.toMatch(/^y/m);
  });

  it.each([
    ['👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣ ☎︎', '👩‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 1️⃣ ☎︎'],
    ['می\u200cخواهم क्\u200dष', 'می\u200cخواهم क्\u200dष'],
    ['pay\u200bpal\u200d \u2060\ufeff\u00ad\u061c\u2029', 'pay\ufffdpal\ufffd \ufffd\ufffd\ufffd\ufffd\ufffd'],
    ['a\u{e0041}\u{e007f} \u202e\u2066\u009b', 'a\ufffd\ufffd \ufffd\ufffd\ufffd'],
    ['🏴\u{e0061}\u{e0062}', '🏴\ufffd\ufffd'],
  ])('leaves what can be seen, and marks what cannot: %s', (given, shown) => {
    expect(printable(given)).toBe(shown);
  });
});

describe('the folders of configuration and data', () => {
  it('are not taken from a variable that is no absolute path', async () => {
    const home = homeWith({ '.config/clawtrace/config.toml': 'machine = "mine"\n' });
    const cwd = temporaryFolder();
    const env = { XDG_CONFIG_HOME: 'here', XDG_DATA_HOME: './here', XDG_STATE_HOME: '.' };
    const { stdout } = await clawtrace(['config'], { home, env, cwd });
    expect(stdout).toContain(`# config:  ${join(home, '.config/clawtrace/config.toml')}\n`);
    expect(stdout).toContain('machine = "mine"');
    const archived = await clawtrace(['archive'], { home, env, cwd });
    expect([archived.code, readdirSync(cwd)]).toEqual([0, []]);
  });

  it.skipIf(process.platform === 'win32')('may hold pipes, which are said and never waited for', async () => {
    const cases = [
      ['.config/clawtrace/config.toml', ['daily'], 'config.toml: cannot be read (it is a named pipe, not a file).'],
      ['.config/clawtrace/prices.csv', ['daily'], 'cannot be read as prices (it is a named pipe, not a file).'],
      ['.local/share/clawtrace/alerts.jsonl', ['alerts'], 'cannot be read (it is a named pipe, not a file).'],
      ['.config/clawtrace/reports/mine.sql', ['mine'], 'mine.sql: cannot be read (it is a named pipe, not a file).'],
    ] as const;
    for (const [path, args, message] of cases) {
      const home = homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })] });
      mkdirSync(dirname(join(home, path)), { recursive: true });
      execFileSync('mkfifo', [join(home, path)]);
      const { code, stderr } = await spawnClawtrace(args, { home });
      expect([code, stderr], path).toEqual([1, expect.stringContaining(message)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it.skipIf(process.platform === 'win32')('may hold pipes beside an archive, too', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })],
      '.config/clawtrace/config.toml': 'machine = "m"\n',
    });
    expect((await clawtrace(['archive'], { home })).code).toBe(0);
    // what was verified is verified again
    const state = join(home, '.local/state/clawtrace/verified-parts.json');
    rmSync(state, { force: true });
    mkdirSync(dirname(state), { recursive: true });
    const lock = join(home, '.local/share/clawtrace/archive/machine=m/.lock');
    execFileSync('mkfifo', [state, lock]);
    expect((await spawnClawtrace(['daily'], { home })).code).toBe(0);
    const { code, stderr } = await spawnClawtrace(['archive'], { home });
    expect([code, stderr]).toEqual([
      1,
      `clawtrace: ${lock}: cannot be read (it is a named pipe, not a file). If no clawtrace runs, remove it.\n`,
    ]);
  });
});

describe('the config file', () => {
  const config = '.config/clawtrace/config.toml';

  it('sets zone, week and places, and flags beat it', async () => {
    const home = homeWith({
      [config]:
        'timezone = "Asia/Tokyo"\nweek_start = "sunday"\nmachine = "lab"\n[sources.claude_code]\nglobs = ["~/elsewhere/**/*.jsonl"]\n',
      'elsewhere/a.jsonl': [claudeLine({ timestamp: '2026-04-04T20:00:00Z' })],
      [claudePath('s1')]: [claudeLine({ requestId: 'other' })],
    });
    expect((await ask(['weekly'], { home })).rows).toMatchObject([{ week: '2026-04-05', responses: 1 }]);
    expect((await ask(['weekly', '-z', 'UTC'], { home })).rows).toMatchObject([{ week: '2026-03-29' }]);
    expect((await ask(['weekly', '--week-start', 'monday'], { home })).rows).toMatchObject([{ week: '2026-03-30' }]);
    expect((await ask(['query', 'select machine from usage'], { home })).rows).toEqual([{ machine: 'lab' }]);
    const { stdout } = await clawtrace(['config'], { home });
    expect(stdout).toContain('timezone = "Asia/Tokyo"');
    expect(stdout).toContain('elsewhere');
  });

  it.each([
    [
      'zone = "UTC"',
      "unknown key 'zone'. Known: timezone, week_start, machine, [sources], [alerts], [budget], [plan], [archive].",
    ],
    ['[sources.openclaw]', "'sources.openclaw.globs' must be a list of one or more globs."],
    ['[sources.openclaw]\nglobs = []', "'sources.openclaw.globs' must be a list of one or more globs."],
    ['[sources]\nopenclaw = "x"', "'sources.openclaw' must be a table: [sources.openclaw]."],
    ['sources = 3', "'sources' must be a table: [sources]."],
    ['week_start = "friday"', `'week_start' must be "monday" or "sunday".`],
    ['timezone = "Mars"', "'timezone' must be an IANA zone"],
    ['[sources.vim]\nglobs = []', "there is no source 'vim'"],
    ['[sources.openclaw]\nglob = "x"', "unknown key 'sources.openclaw.glob'"],
    ['timezone = "UTC"\n= broken', /Invalid TOML .*\(line 2, column 1\)/],
    ['[archive]\nauto = "no"', "'archive.auto' must be true or false."],
    ['machine = "a\\u0000b"', "'machine' must be a text that is not empty, without NUL."],
    ['[sources.openclaw]\nglobs = ["a\\u0000b"]', "'sources.openclaw.globs' must be a list of one or more globs."],
  ])('refuses %s', async (text, message) => {
    const { code, stderr } = await clawtrace(['daily'], { home: homeWith({ [config]: text }) });
    expect(code).toBe(1);
    expect(stderr).toEqual(
      typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    );
  });

  it('says why it cannot be read', async () => {
    const home = homeWith({ [join(config, 'in the way')]: '' });
    expect((await clawtrace(['daily'], { home })).stderr).toBe(
      `clawtrace: ${join(home, config)}: cannot be read (EISDIR).\n`,
    );
  });

  it('has a folder of own reports, which are commands like ours', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 5 } })],
      '.config/clawtrace/reports/by_speed.sql':
        "-- Tokens per speed.\n--\n-- @param least INTEGER Only from this many tokens on.\n-- @column speed Speed.\n-- @column total_tokens Tokens. {tokens}\nselect speed, sum(total_tokens)::bigint as total_tokens from usage group by speed having sum(total_tokens) >= coalesce(getvariable('param_least')::bigint, 0)\n",
    });
    expect((await clawtrace(['--help'], { home })).stdout).toMatch(/Your own reports\n +by-speed +Tokens per speed\./);
    expect((await ask(['by-speed'], { home })).rows).toEqual([{ speed: null, total_tokens: 5 }]);
    expect((await ask(['by-speed', '--least', '6'], { home })).rows).toEqual([]);
    expect((await clawtrace(['by-speed', '--least', 'six'], { home })).stderr).toContain(
      '--least must be a whole number',
    );
  });

  it('leaves out own reports whose name is taken or whose header is wrong, says so, and goes on', async () => {
    const report = (name: string): string => `.config/clawtrace/reports/${name}.sql`;
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 5 } })],
      [report('daily')]: '-- Mine.\nselect 1 as one',
      [report('query')]: '-- Mine.\nselect 1 as one',
      [report('broken')]: '-- Mine.\n-- @param least NUMMER Something.\nselect 1 as one',
      [report('fine')]: '-- Fine.\nselect 1 as one',
      [report('steering')]: '-- \u001b[31mRed.\nselect 1 as one',
      [report('na\u200bme')]: '-- Unseen.\nselect 1 as one',
    });
    const fine = await clawtrace(['fine', '--json'], { home });
    expect([fine.code, JSON.parse(fine.stdout).rows]).toEqual([0, [{ one: 1 }]]);
    expect(fine.stderr).toMatch(/daily\.sql is left out: there is a report 'daily' already/);
    expect(fine.stderr).toMatch(/query\.sql is left out: there is a command 'query' already/);
    expect((await ask(['daily'], { home })).rows).toMatchObject([{ input_tokens: 5 }]);
    expect((await ask(['query', 'select 2 as two'], { home })).rows).toEqual([{ two: 2 }]);
    const help = await clawtrace(['--help'], { home });
    expect([help.code, help.stdout.includes('Fine.')]).toEqual([0, true]);
    expect(help.stderr.match(/broken\.sql:2: '@param least NUMMER/g)).toHaveLength(1);
    expect(help.stderr).toMatch(/steering\.sql:1: holds a character that cannot be seen\. Remove it\.\n/);
    expect(help.stderr).toMatch(/na\ufffdme\.sql is left out: its name holds a character that cannot be seen\.\n/);
    expect(help.stdout).not.toMatch(/\bRed\b|Unseen/);
    const broken = await clawtrace(['broken'], { home });
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining("broken.sql:2: '@param least NUMMER")]);
  });
});
