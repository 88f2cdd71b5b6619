// Disks that forget: a single bit of an archive is not what it was.
import { closeSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeLogs } from '../bench/make-logs.mjs';
import { Home } from './home.mjs';

export const attacks = [
  { item: 7, name: 'bits of parts', tries: 400, run: flipParts },
  { item: 7, name: 'bits of the manifest', tries: 100, run: flipManifest },
];

/** A home with logs and an archive of them, and one with the archive alone. */
async function archivedHomes() {
  const home = new Home();
  makeLogs({ home: home.path, mebibytes: 0.5, seed: 7, openclawShare: 0.2, end: '2026-05-01' });
  await home.run(['archive']);
  const alone = home.copy().removeLogs();
  const truth = await home.sums();
  if ((await alone.sums()) !== truth) throw new Error('the archive does not hold what the logs do');
  return { homes: [home, alone], truth };
}

/** Every flip is named, by verify and by reports, whether the logs are there or not. */
async function flipParts(trial) {
  const { homes, truth } = await archivedHomes();
  const sizes = homes[0].parts().map((part) => [part, statSync(join(homes[0].archive, part)).size]);
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  for (let tried = 0; tried < trial.tries; tried++) {
    const { part, place, bit } = placeAt(sizes, Math.floor(trial.random() * all * 8));
    const named = await Promise.all(
      homes.map(async (home, index) => {
        flip(join(home.archive, part), place, bit);
        // verify every time, a report by turns: with the logs, and without
        const verify = await home.run(['archive', 'verify', '--json']);
        const report = tried % 2 === index ? await home.run(['daily', '--json']) : undefined;
        flip(join(home.archive, part), place, bit);
        const isVerified = verify.code === 1 && verify.stdout.includes(`${part}: damaged`);
        return isVerified && (!report || (report.code === 1 && report.stdout === '' && report.stderr.includes(part)));
      }),
    );
    trial.try(named[0] && named[1], `bit ${bit} of byte ${place} of ${part}, named with and without logs: ${named}`);
  }
  for (const home of homes) {
    const { code } = await home.run(['archive', 'verify']);
    trial.try(code === 0 && (await home.sums()) === truth, 'the archive is not as before once all bits are back');
  }
}

/** A flip changes no sum, or says that the archive is broken. */
async function flipManifest(trial) {
  const { homes, truth } = await archivedHomes();
  const { size } = statSync(homes[0].manifest);
  for (let tried = 0; tried < trial.tries; tried++) {
    const at = Math.floor(trial.random() * size * 8);
    const results = await Promise.all(
      homes.map(async (home) => {
        flip(home.manifest, at >> 3, at & 7);
        const sums = await home.sums();
        const around = readFileSync(home.manifest, 'latin1').slice((at >> 3) - 20, (at >> 3) + 20);
        flip(home.manifest, at >> 3, at & 7);
        return {
          holds: sums === truth || /^exit code 1: clawtrace: .*(manifest\.jsonl|\.parquet)/.test(sums),
          around,
          sums,
        };
      }),
    );
    const fallen = results.find(({ holds }) => !holds);
    trial.try(!fallen, () => `bit ${at & 7} of byte ${at >> 3}, in ${JSON.stringify(fallen.around)}: ${fallen.sums}`);
  }
}

function placeAt(sizes, at) {
  let before = 0;
  for (const [part, size] of sizes) {
    if (at < (before + size) * 8) return { part, place: (at >> 3) - before, bit: at & 7 };
    before += size;
  }
  throw new Error('there is no such bit');
}

function flip(path, place, bit) {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, place);
  byte[0] ^= 1 << bit;
  writeSync(file, byte, 0, 1, place);
  closeSync(file);
}
