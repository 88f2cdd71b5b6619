// Attacks the built program, as processes in homes of their own, and says what held and what fell.
//
//   npm run attacks [-- --only NAME] [--seed N] [--tries N]
//
// Prints a line per attack, how often it was tried, and the first that fell. The number before a name is that of a
// kind of attack; those that are tests already are listed in tests.mjs. Exits with 1 if anything fell.
import { parseArgs } from 'node:util';
import * as bits from './bits.mjs';
import * as crowds from './crowds.mjs';
import * as files from './files.mjs';
import * as kills from './kills.mjs';
import * as output from './output.mjs';
import * as queries from './queries.mjs';
import * as tests from './tests.mjs';

const ATTACKS = [tests, bits, kills, crowds, files, queries, output].flatMap(({ attacks }) => attacks);

/** What an attack is given: how often to try, chance, and where to say what fell. */
class Trial {
  done = 0;
  fallen = [];
  skipped;

  constructor({ tries, seed }) {
    this.tries = tries;
    this.random = randomFrom(seed);
  }

  /** A try: what must be true after it, and what to say if it is not. */
  try(holds, detail) {
    this.done++;
    if (!holds) this.fallen.push(typeof detail === 'function' ? detail() : detail);
  }

  skip(why) {
    this.skipped = why;
  }
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: '14' },
      tries: { type: 'string' },
    },
  });
  const chosen = values.only ? ATTACKS.filter(({ name }) => values.only.some((only) => name.includes(only))) : ATTACKS;
  if (chosen.length === 0)
    throw new Error(`There is no such attack. There are: ${ATTACKS.map(({ name }) => name).join('; ')}`);
  let fallen = 0;
  for (const { item, name, tries = 1, run } of chosen) {
    const trial = new Trial({
      tries: tries > 1 && values.tries ? Number(values.tries) : tries,
      seed: Number(values.seed),
    });
    const started = Date.now();
    await run(trial).catch((error) => trial.try(false, `the attack itself: ${error.stack}`));
    if (trial.fallen.length > 0) fallen++;
    console.log(lineOf(`${item} ${name}`, trial, Math.round((Date.now() - started) / 1000)));
  }
  console.log(fallen === 0 ? 'All held.' : `${fallen} fell.`);
  process.exitCode = fallen === 0 ? 0 : 1;
}

const SHOWN = 5;

function lineOf(name, { done, fallen, skipped }, seconds) {
  const result = fallen.length > 0 ? `FELL ${fallen.length} times:` : done > 0 ? 'held' : '';
  const tries = `${done} ${done === 1 ? 'try' : 'tries'}`;
  const line = [`${name}: ${tries}, ${seconds} s`, result, skipped && `skipped: ${skipped}`].filter(Boolean).join(', ');
  return [line, ...fallen.slice(0, SHOWN).map((detail) => `  ${detail}`)].join('\n');
}

await main();
