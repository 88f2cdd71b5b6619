// Files and folders that are not what they seem, and targets that must not be written.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { claudeLine, claudePath, filesBelow, Home, openclawLine } from './home.mjs';

export const attacks = [
  { item: 1, name: 'folders that are called like columns', run: columnFolders },
  { item: 1, name: 'copies of an archive', run: copies },
  { item: 3, name: 'damaged lines before whole ones', run: damagedLines },
  { item: 4, name: 'own reports', run: ownReports },
  { item: 5, name: 'nested archives', run: nestedArchives },
  { item: 6, name: 'targets', run: targets },
  { item: 8, name: 'advice', run: advice },
  { item: 11, name: 'links', run: links },
  { item: 12, name: 'large and hollow files', run: largeFiles },
  { item: 16, name: 'pipes', run: pipes },
];

const counts = (sums) => {
  const { responses = 0, output_tokens = 0 } = sums.startsWith('{') ? JSON.parse(sums) : {};
  return `${responses} ${output_tokens}`;
};

/** A home with two responses, of 1 and 4 tokens. */
const small = (files = {}) =>
  new Home({ [claudePath('s1')]: claudeLine('a'), [claudePath('s2')]: claudeLine('b', { output: 4 }), ...files });

/** The data or configuration folder alone lies below a folder of such a name. */
async function columnFolders(trial) {
  const own = 'provider,model,effective_from,input,output\nanthropic,claude-opus-4-6,,1,2\n';
  const plain = small({ '.config/clawtrace/prices.csv': own });
  const truth = await plain.sums();
  for (const key of ['machine=zz', 'path=q', 'model=x', 'output=5', 'file_id=7', 'run=5', 'repairs=x', 'provider=y']) {
    const home = plain.copy();
    mkdirSync(home.at(key));
    for (const folder of ['.config', '.local'])
      if (filesBelow(home.at(folder)).length > 0) renameSync(home.at(folder), home.at(key, folder));
    const env = { XDG_CONFIG_HOME: home.at(key, '.config'), XDG_DATA_HOME: home.at(key, '.local/share') };
    const sums = async () => /^"totals":(\{.*\})/m.exec((await home.run(['daily', '--json'], { env })).stdout)?.[1];
    trial.try((await home.run(['archive'], { env })).code === 0 && (await sums()) === truth, `${key}, with logs`);
    home.removeLogs();
    trial.try((await sums()) === truth, `${key}, archive alone`);
  }
}

/** A copy that is up to date, one that is older, and one from before a purge. */
async function copies(trial) {
  const home = small();
  await home.run(['archive']);
  cpSync(home.archive, `${home.archive}.bak`, { recursive: true });
  home.remove(claudePath('s2'));
  trial.try(counts(await home.sums()) === '2 5', 'a copy');
  appendFileSync(home.at(claudePath('s1')), claudeLine('c', { output: 8 }));
  await home.run(['archive', '--compact']);
  await home.run(['archive']);
  home.removeLogs();
  trial.try(counts(await home.sums()) === '3 13', 'a copy that is older');
  const { stdout } = await home.run(['archive', 'status', '--json']);
  trial.try(stdout.includes('machine=vm.bak'), 'archive status does not name the copy');
  const purge = await home.run(['archive', 'purge', '--before', '1d', '--yes']);
  trial.try(/machine=vm\.bak/.test(purge.stderr), `purge does not say that a copy still has it: ${purge.stderr}`);
  rmSync(`${home.archive}.bak`, { recursive: true });
  trial.try(counts(await home.sums()) === '0 0', 'purged, and the copy removed');
}

/** A line cut at every place, with a whole one glued to it: the whole one counts, and the cut one is named. */
async function damagedLines(trial) {
  for (const [path, line] of [
    [(at) => claudePath(`s${at}`), claudeLine],
    [(at) => `.openclaw/agents/main/sessions/s${at}.jsonl`, openclawLine],
  ]) {
    const length = line('cut').length - 1;
    const files = Array.from({ length }, (_, at) => [path(at), line('cut').slice(0, at) + line(`whole${at}`)]);
    const home = new Home(Object.fromEntries(files));
    const { stdout } = await home.run([
      'query',
      'select file as path, count(*) as n from usage group by file',
      '--json',
    ]);
    const counted = new Set(
      JSON.parse(stdout)
        .rows.filter(({ n }) => n === 1)
        .map(({ path }) => path),
    );
    for (const [name] of files) trial.try(counted.has(home.at(name)), () => `the whole line in ${name} is not counted`);
  }
}

/** Names and texts of own reports are no SQL. */
async function ownReports(trial) {
  const into = "x as select 1; copy (select 1) to 'out.csv'; --";
  for (const [name, files] of [
    [
      'a part',
      {
        'mine/rows.sql': '-- Mine.\nselect 1 as one\n',
        [`mine/${into.replace('/', '')}.sql`]: '-- P.\nselect 2 as two\n',
      },
    ],
    ['a key', { 'mine.sql': `-- Mine.\n-- @key ${into}\nselect key, cost from usage_by(model)\n` }],
    [
      'a part that writes',
      { 'mine/rows.sql': '-- Mine.\nselect 1 as one\n', 'mine/p.sql': "-- P.\ncopy (select 1) to 'out.csv'\n" },
    ],
    ['a second statement', { 'mine.sql': "-- Mine.\nselect 1 as one; copy (select 1) to 'out.csv'\n" }],
  ]) {
    const home = small(
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`.config/clawtrace/reports/${path}`, text])),
    );
    const before = stateOf(home);
    const { code, stderr } = await home.run(['mine']);
    trial.try(code === 1 && stateOf(home) === before, `${name}: exit code ${code}, ${stderr}`);
  }
}

const stateOf = ({ path }) =>
  filesBelow(path)
    .filter((name) => !name.startsWith('.local/state'))
    .map((name) => `${name} ${readFileSync(join(path, name), 'base64')}`)
    .join('\n');

/** Archives and backups within the folder of a machine stay as they are. */
async function nestedArchives(trial) {
  const home = small();
  await home.run(['archive']);
  const copy = home.copy().archive;
  const inner = ['backup', 'machine=vm', '.tmp-backup', 'month=2026-04/machine=vm'];
  for (const name of inner) cpSync(copy, join(home.archive, name), { recursive: true });
  const state = () => inner.map((name) => filesBelow(join(home.archive, name)).join()).join();
  const before = state();
  home.remove(claudePath('s2'));
  for (const args of [['--compact'], ['--repair'], ['purge', '--before', '400d', '--yes'], []]) {
    await home.run(['archive', ...args]);
    trial.try(state() === before && counts(await home.sums()) === '2 5', `archive ${args.join(' ')}`);
  }
}

/** Whatever takes -o leaves logs, archive, configuration and prices as they are. */
async function targets(trial) {
  const home = small({ '.config/clawtrace/prices.csv': 'provider,model,input,output\n' });
  await home.run(['archive']);
  const kept = [
    claudePath('s1'),
    '.claude/projects/new.jsonl',
    '.config/clawtrace/config.toml',
    '.config/clawtrace/prices.csv',
  ];
  const paths = [...kept.map((name) => home.at(name)), home.manifest, join(home.archive, home.parts()[0])];
  symlinkSync(home.manifest, home.at('link.csv'));
  const before = stateOf(home);
  for (const path of [...paths, home.at('link.csv')])
    for (const args of [
      ['dashboard', '-o', path],
      ['export', 'usage', '-o', path],
      ['export', 'usage', '--partition-by', 'model', '-o', path],
      ['export', 'usage', '--partition-by', 'model', '-o', dirname(path)],
    ]) {
      if (args.at(-1) === home.path) continue;
      const { code, stderr } = await home.run(args);
      trial.try(code === 1 && stateOf(home) === before, `${args.join(' ')}: exit code ${code}, ${stderr}`);
    }
}

/** --repair, which goes on without a part, is offered for what is damaged and nothing else. */
async function advice(trial) {
  const home = small();
  await home.run(['archive']);
  home.removeLogs();
  const part = join(home.archive, home.parts()[0]);
  const memory = await home.run([
    'query',
    'select sum(r) from (select unnest(range(100000000)) as r) order by 1',
    '--memory-limit',
    '100MB',
  ]);
  trial.try(!memory.stderr.includes('--repair'), `memory is short: ${memory.stderr}`);
  const open = await home.run(['daily'], { before: ['sh', '-c', 'ulimit -n 16; exec "$@"', 'sh'] });
  trial.try(!open.stderr.includes('--repair'), `no more files may be open: ${open.stderr}`);
  if (process.getuid?.() !== 0) chmodSync(part, 0);
  else {
    // who may read anything has to be somebody else
    chmodSync(dirname(home.path), 0o711);
    for (const name of ['', ...readdirSync(home.path, { recursive: true })]) chownSync(home.at(name), 65534, 65534);
    chownSync(part, 0, 0);
    chmodSync(part, 0o600);
  }
  const { code, stderr } = await home.run(['daily'], process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {});
  if (/Cannot find module|EACCES.*cli\.js/.test(stderr)) return trial.skip('another user cannot run this checkout');
  trial.try(code === 1 && stderr.includes(part) && !stderr.includes('--repair'), `a part may not be read: ${stderr}`);
}

/** Links in a circle, to nothing, to what hangs, wherever something is looked for. */
async function links(trial) {
  const places = `
    .claude .claude/projects .claude/projects/-src-app .claude/projects/-src-app/s1/subagents
    .openclaw .openclaw/agents .openclaw/agents/main/sessions .openclaw/cron
    .config/clawtrace .config/clawtrace/reports .local/share/clawtrace .local/share/clawtrace/archive`.trim();
  for (const place of places.split(/\s+/)) {
    const home = small();
    await home.run(['archive']);
    mkdirSync(home.at(place), { recursive: true });
    symlinkSync('loop', home.at(place, 'loop'));
    symlinkSync('.', home.at(place, 'circle'));
    symlinkSync('/nowhere/at/all', home.at(place, 'gone.jsonl'));
    symlinkSync('loop.jsonl', home.at(place, 'loop.jsonl'));
    for (const args of [['daily', '--json'], ['archive'], ['sources'], ['daily', '--logs', home.at('**/*.jsonl')]]) {
      const { code, stderr, hangs } = await home.run(args, { seconds: 30 });
      trial.try(code === 0 && !hangs, `in ${place}, ${args.join(' ')}: exit code ${code}, ${stderr}`);
    }
    trial.try(counts(await home.sums()) === '2 5', `in ${place}: ${await home.sums()}`);
  }
  // what another machine has archived is missing: no sum without it
  for (const target of ['machine=away', '/nowhere/at/all']) {
    const home = small();
    await home.run(['archive']);
    symlinkSync(target, join(dirname(home.archive), 'machine=away'));
    const sums = await home.sums();
    trial.try(/^exit code 1: clawtrace: .*machine=away: leads nowhere/.test(sums), `a machine that is away: ${sums}`);
  }
}

/** What is too large to be a line, and what is larger than what it holds. */
async function largeFiles(trial) {
  const megabytes = (file, count, byte) => {
    for (let done = 0; done < count; done++) writeSync(file, Buffer.alloc(2 ** 20, byte));
  };
  for (const [what, fill] of [
    ['a line of 300 MB', (file) => megabytes(file, 300, 'x')],
    ['a tail of 200 MB of NUL', (file) => megabytes(file, 200, 0)],
    ['a sparse file of 2 GB', (file) => ftruncateSync(file, 2 ** 31)],
  ]) {
    const home = small();
    const file = openSync(home.at(claudePath('large')), 'w');
    writeSync(file, claudeLine('c', { output: 8 }));
    fill(file);
    closeSync(file);
    await countsBeside(trial, home, what);
  }
  const zeros = gzipSync(Buffer.alloc(2 ** 28));
  await countsBeside(trial, small({ [`${claudePath('zeros')}.gz`]: zeros }), 'a .gz of 256 MB of NUL');
}

/** A line that is too long for DuckDB costs its file, and no more: that is said every time. */
async function countsBeside(trial, home, what) {
  const wanted = '2 5';
  for (const args of [[], ['--no-archive'], ['--since', '2026-01-01']]) {
    const { code, stdout, stderr, hangs } = await home.run(['daily', '--json', ...args]);
    const sums = /^"totals":(\{.*\})/m.exec(stdout)?.[1] ?? '';
    const said = code === 0 ? JSON.parse(stdout).warnings : [];
    const isTold = said.some((warning) => /large|zeros/.test(warning));
    trial.try(
      !hangs && counts(sums) === wanted && isTold,
      `${what}, daily ${args.join(' ')}: ${sums} ${said} ${stderr}`,
    );
  }
  const { code, stderr } = await home.run(['archive']);
  trial.try(code === 0 && counts(await home.sums()) === wanted, `${what}, archive: exit code ${code}, ${stderr}`);
  rmSync(home.path, { recursive: true });
}

const SIDE_FILES = [
  '.claude/settings.json',
  '.claude/projects/-src-app/s1/subagents/agent-1.meta.json',
  claudePath('pipe'),
  '.openclaw/agents/main/sessions/sessions.json',
  '.openclaw/agents/main/sessions/pipe.jsonl',
  '.openclaw/cron/jobs.json',
  '.openclaw/cron/runs/pipe.jsonl',
  '.openclaw/openclaw.json',
  '.config/clawtrace/config.toml',
  '.config/clawtrace/prices.csv',
  '.config/clawtrace/reports/mine.sql',
  '.local/share/clawtrace/alerts.jsonl',
  '.local/state/clawtrace/verified-parts.json',
  '.local/share/clawtrace/archive/machine=vm/manifest.jsonl',
  '.local/share/clawtrace/archive/machine=vm/.lock',
];

/** A pipe under the name of any file that is opened is never waited for. */
async function pipes(trial) {
  if (process.platform === 'win32') return trial.skip('this system has no such pipes');
  for (const name of SIDE_FILES) {
    const home = small({ '.claude/projects/-src-app/s1/subagents/agent-1.jsonl': claudeLine('c') });
    await home.run(['archive']);
    home.remove(name);
    mkdirSync(dirname(home.at(name)), { recursive: true });
    spawnSync('mkfifo', [home.at(name)]);
    for (const args of [['triggers'], ['doctor'], ['alerts'], ['archive'], ['mine']]) {
      const { code, stderr, hangs } = await home.run(args, { seconds: 10 });
      trial.try(
        !hangs && code !== null && !/\n\s+at /.test(stderr),
        `${name}, ${args.join(' ')}: exit code ${code}, ${stderr}`,
      );
    }
  }
}
