// Several runs at once, in one namespace of processes or in two, over locks that others left.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, claudeLine, claudePath, endOf, Home } from './home.mjs';
import { homeBefore } from './kills.mjs';

export const attacks = [
  { item: 2, name: 'archives at once', tries: 14, run: (trial) => crowd(trial, () => []) },
  { item: 2, name: 'archives at once in two namespaces', tries: 14, run: inTwoNamespaces },
  { item: 2, name: 'a run that sleeps while another takes over', tries: 12, run: sleepers },
  { item: 2, name: 'stale locks', run: staleLocks },
];

/** What starts a program in a namespace of processes of its own; undefined where that is not permitted. */
const NAMESPACE = [
  ['unshare', '--pid', '--fork', '--mount-proc'],
  ['unshare', '-r', '--pid', '--fork', '--mount-proc'],
].find(([program, ...args]) => spawnSync(program, [...args, 'true']).status === 0);
const NO_NAMESPACE = 'this system lets nobody make a namespace of processes (unshare)';

async function inTwoNamespaces(trial) {
  if (!NAMESPACE) return trial.skip(NO_NAMESPACE);
  await crowd(trial, (index) => (index % 2 ? NAMESPACE : []));
}

/** Two to eight runs, some of which compact: one of them at least does its work, and no sum changes. */
async function crowd(trial, before) {
  const template = await homeBefore('archive');
  const truth = await template.sums();
  for (let tried = 0; tried < trial.tries; tried++) {
    const home = template.copy();
    if (tried % 3 === 2) leaveLock(home, '00000000-1-1 1', -120);
    const count = 2 + (tried % 7);
    const runs = await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        await new Promise((done) => setTimeout(done, trial.random() * 400));
        return home.run(['archive', ...(trial.random() < 0.5 ? ['--compact'] : [])], { before: before(index) });
      }),
    );
    trial.try(...verdict(runs), `${count} at once`);
    trial.try((await wrongAfter(home, truth)) === undefined, `${count} at once: ${await wrongAfter(home, truth)}`);
    rmSync(home.path, { recursive: true });
  }
}

/** Each run works or says why it does not. */
function verdict(runs) {
  const odd = runs.find(({ code, stderr }) => code !== 0 && !/^clawtrace: Another clawtrace /m.test(stderr));
  return [!odd && runs.some(({ code }) => code === 0), () => `${runs.map(({ code }) => code)}: ${odd?.stderr}`];
}

async function wrongAfter(home, truth) {
  if ((await home.sums()) !== truth) return `the sums are ${await home.sums()}, not ${truth}`;
  for (const _ of [1, 2]) {
    const { code, stderr } = await home.run(['archive']);
    if (code !== 0) return `the next run: ${stderr}`;
  }
  const verify = await home.run(['archive', 'verify']);
  if (verify.code !== 0) return `verify: ${verify.stdout}${verify.stderr}`;
  if (home.leftovers().length > 0) return `left behind: ${home.leftovers()}`;
  return (await home.removeLogs().sums()) === truth ? undefined : 'the archive alone has other sums';
}

/**
 * A run in another namespace is stopped at some moment, for so long that its lock is taken over; then it goes on. It
 * must change nothing any more.
 */
async function sleepers(trial) {
  if (!NAMESPACE) return trial.skip(NO_NAMESPACE);
  const template = await homeBefore('archive');
  const truth = await template.sums();
  for (let tried = 0; tried < trial.tries; tried++) {
    const home = template.copy();
    const args = ['archive', ...(tried % 2 ? ['--compact'] : [])];
    const child = home.start(args, { before: NAMESPACE, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = endOf(child);
    const isStopped = await stopAfterChange(home, child, trial.random() * (tried % 3 ? 30 : 600));
    if (!isStopped) {
      // it was faster: nothing to see
      await ended;
      continue;
    }
    const at = new Date(Date.now() - 120_000);
    utimesSync(join(home.archive, '.lock'), at, at);
    const other = await home.run(['archive', '--compact']);
    const manifest = readFileSync(home.manifest, 'utf8');
    signalSleeper(child, 'SIGCONT');
    const { code, stderr } = await ended;
    trial.try(other.code === 0, `the run that takes over: ${other.stderr}`);
    trial.try(code === 1 && /Another clawtrace/.test(stderr), `the run that slept exits with ${code}: ${stderr}`);
    trial.try(readFileSync(home.manifest, 'utf8') === manifest, 'the run that slept has replaced the manifest');
    const wrong = await wrongAfter(home, truth);
    trial.try(wrong === undefined, `a run that slept: ${wrong}`);
    rmSync(home.path, { recursive: true });
  }
}

/** Stops a run some milliseconds after it took the lock; tells whether it still had it. */
async function stopAfterChange(home, child, late) {
  const watcher = watch(home.archive);
  await new Promise((done) => {
    watcher.once('change', done);
    child.once('close', done);
  });
  watcher.close();
  await new Promise((done) => setTimeout(done, late));
  if (child.exitCode !== null) return false;
  signalSleeper(child, 'SIGSTOP');
  await new Promise((done) => setTimeout(done, 50));
  if (existsSync(join(home.archive, '.lock'))) return true;
  signalSleeper(child, 'SIGCONT');
  return false;
}

/** unshare waits for the program, which is its child. */
function signalSleeper(child, signal) {
  for (const pid of childrenOf(child.pid)) process.kill(pid, signal);
}

const MINUTE_OLD = -120;

/** A lock as somebody left it, so many seconds ago. */
function leaveLock(home, content, seconds) {
  const path = join(home.archive, '.lock');
  writeFileSync(path, content);
  const at = new Date(Date.now() + seconds * 1000);
  utimesSync(path, at, at);
  return path;
}

/** Locks whose owner is gone give way, at once or after a minute; those of a living one never. */
async function staleLocks(trial) {
  const home = new Home({ [claudePath('s1')]: claudeLine('a') });
  await home.run(['archive']);
  const killed = await lockOfKilled(home, []);
  const elsewhere = NAMESPACE ? await lockOfKilled(home, NAMESPACE) : '11111111-7-7 1';
  const host = '22222222-4242-99 another computer';
  for (const [what, content, seconds, isTaken] of [
    ['of a killed run', killed, 0, true],
    ['of a killed run, in the future', killed, 86_400, true],
    ['of another namespace, touched now', elsewhere, 0, false],
    ['of another namespace, silent', elsewhere, MINUTE_OLD, true],
    ['of another host, touched now', host, -10, false],
    ['of another host, silent', host, MINUTE_OLD, true],
    ['of another host, in the future', host, 3 * 86_400, true],
    ['that is empty, touched now', '', 0, false],
    ['that is empty, silent', '', MINUTE_OLD, true],
    ['that is no text', Buffer.alloc(100_000, 255), MINUTE_OLD, true],
  ]) {
    const lock = leaveLock(home, content, seconds);
    const { code, stderr } = await home.run(['archive']);
    const wanted = isTaken ? code === 0 && !existsSync(lock) : code === 1 && /is writing to/.test(stderr);
    trial.try(wanted, `a lock ${what} (${content}): exit code ${code}, ${stderr}`);
    rmSync(lock, { force: true });
  }
}

/** What a run leaves in its lock when it is killed. */
async function lockOfKilled(home, before) {
  const path = join(home.archive, '.lock');
  rmSync(path, { force: true });
  const child = home.start(['archive', '--compact'], { before, stdio: 'ignore' });
  const ended = endOf(child);
  while (contentOf(path) === '') await new Promise((done) => setTimeout(done, 5));
  const [pid = child.pid] = before.length > 0 ? childrenOf(child.pid) : [];
  process.kill(pid, 'SIGKILL');
  await ended;
  return readFileSync(path, 'utf8');
}

/** A lock is there before it says whose it is. */
const contentOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
