// Runs that are killed, at any moment.
import { existsSync, mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { makeLogs } from '../bench/make-logs.mjs';
import { endOf, Home, MACHINE } from './home.mjs';

export const attacks = ['archive', '--compact', 'purge', '--repair', 'a report'].map((name) => ({
  item: 2,
  name: `kills of ${name}`,
  tries: 50,
  run: (trial) => kill(trial, name),
}));

const COMMANDS = {
  archive: ['archive'],
  '--compact': ['archive', '--compact'],
  purge: ['archive', 'purge', '--before', '70d', '--yes'],
  '--repair': ['archive', '--repair'],
  'a report': ['status'],
};

/**
 * A home in which there is something to do for each command: an archive of several runs, logs of which some are gone,
 * one that it does not hold; to repair it, a part is missing whose logs are there. A report begins the archive.
 */
export async function homeBefore(name) {
  const home = new Home(name === 'a report' ? { '.config/clawtrace/config.toml': MACHINE } : {});
  const grow = async (seed, end) => {
    makeLogs({ home: home.path, mebibytes: 0.4, seed, openclawShare: 0.2, end });
    if (seed < 4) await home.run(['archive']);
  };
  if (name === 'a report') {
    makeLogs({ home: home.path, mebibytes: 2, seed: 2, openclawShare: 0.2, end: '2026-05-01' });
    return home;
  }
  await grow(2, '2026-03-01');
  if (name !== '--repair') home.removeLogs();
  await grow(3, '2026-05-01');
  if (name === '--repair') rmSync(join(home.archive, home.parts()[0]));
  else await grow(4, '2026-06-01');
  return home;
}

async function kill(trial, name) {
  const template = await homeBefore(name);
  const command = COMMANDS[name];
  const whole = template.copy();
  const before = name === '--repair' ? await whole.sums('--no-archive') : await whole.sums();
  if (name === 'a report') whole.remove('.local');
  const { taken } = await whole.run(command);
  const after = await whole.sums();
  if (name !== 'purge' && after !== before) throw new Error('the command itself changes the sums');
  let home;
  for (let tried = 0; tried < trial.tries; tried++) {
    home ??= template.copy();
    const moment = await killAt(home, command, { delay: trial.random() * taken * 1000, isOnChange: tried % 2 === 1 });
    const wrong = await wrongAtOnce(home, { before, after, isRepair: name === '--repair' });
    trial.try(wrong === undefined, `${name} killed ${moment}: ${wrong}`);
    // what one leaves behind is what the next one finds, until there is nothing to do
    if (tried % CHAIN < CHAIN - 1 && !isDone(home, template) && tried < trial.tries - 1) continue;
    const wrongLater = await wrongInTheEnd(home, command, after);
    trial.try(wrongLater === undefined, `${name} after ${name} was killed ${moment}: ${wrongLater}`);
    rmSync(home.path, { recursive: true });
    home = undefined;
  }
}

const CHAIN = 4;
const isDone = (home, template) => manifestOf(home) !== manifestOf(template);
const manifestOf = ({ manifest }) => (existsSync(manifest) ? readFileSync(manifest, 'utf8') : undefined);

/**
 * Kills a run after a time; half of the runs some milliseconds after they first changed the archive, which is a short
 * moment of the whole.
 */
async function killAt(home, command, { delay, isOnChange }) {
  mkdirSync(home.archive, { recursive: true });
  const child = home.start(command, { stdio: 'ignore' });
  const ended = endOf(child);
  // the lock is the first change, and comes long before the others
  const late = 40 * (delay % 1) ** 2;
  const hit = () => setTimeout(() => child.kill('SIGKILL'), late);
  const watcher = isOnChange && watch(home.archive, (_, file) => file !== '.lock' && hit());
  const timer = isOnChange ? undefined : setTimeout(() => child.kill('SIGKILL'), delay);
  await ended;
  if (watcher) watcher.close();
  clearTimeout(timer);
  return isOnChange ? `${late.toFixed(1)} ms after a change` : `after ${Math.round(delay)} ms`;
}

/** The same sums at once, and an archive as it was written. */
async function wrongAtOnce(home, { before, after, isRepair }) {
  const sums = await home.sums();
  const saysWhatToDo = isRepair && /is missing from the archive\. .*archive --repair\.$/.test(sums);
  if (![before, after].includes(sums) && !saysWhatToDo) return `the sums are ${sums}`;
  const verify = await home.run(['archive', 'verify']);
  return verify.code === (saysWhatToDo ? 1 : 0) ? undefined : `verify ${verify.stdout}${verify.stderr}`;
}

/** The next run does what the killed ones did not; with the one after it nothing is left behind, and no part lost. */
async function wrongInTheEnd(home, command, after) {
  for (const args of [command, ['archive']]) {
    const { code, stderr } = await home.run(args);
    if (code !== 0) return `the next run: ${stderr}`;
  }
  if ((await home.sums()) !== after) return 'the next runs change the sums';
  if (home.leftovers().length > 0) return `left behind: ${home.leftovers().join(', ')}`;
  const lost = home.partsInManifest().filter((part) => !home.parts().includes(part));
  return lost.length > 0 ? `lost: ${lost.join(', ')}` : undefined;
}
