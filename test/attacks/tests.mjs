// The attacks that are tests already: the item of the list, where it is, and a part of its name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './home.mjs';

/** What was attacked, by number: 1 folders and copies; 2 locks; 3 damaged lines; 4 own reports; 5 removal; 6 targets;
 * 7 flipped bits; 8 advice; 9 windows in time; 10 names and clocks; 11 links; 12 large lines; 13 large results;
 * 14 queries without end; 15 riddles; 16 pipes; 17 serve; 18 text on a terminal; 19 formats and places. */
const TESTS = [
  [1, 'archive', 'a copy of its folder counts once, and is named'],
  [1, 'archive', 'change no sum of logs, archive, prices or alerts'],
  [1, 'archive', 'change no price where the program lies below them'],
  [1, 'discover', 'type=progress'],
  [2, 'archive', 'one that loses its lock on the way leaves the manifest as it is, and says so'],
  [3, 'repair', 'a whole line appended to one that broke off'],
  [4, 'header', 'for a part whose name is none of SQL, or that another one has'],
  [5, 'archive', 'only what it wrote itself is ever removed'],
  [6, 'export', 'nor is what clawtrace keeps, whatever it is called, and nothing is added to it'],
  [7, 'archive', 'every flipped bit of a part is named, by reports and by verify, with and without logs'],
  [9, 'discover', 'looks at the last lines of a file whose time of change somebody set'],
  [10, 'discover', 'are read, and not the file that the pattern would name'],
  [10, 'archive', 'a run is later than the last, whatever the clock says, and its name does not grow'],
  [11, 'discover', 'opens no pipe, device or circle of links, under whatever name, and says so once'],
  [13, 'query', 'are cut with a word where a table would be longer than anybody reads'],
  [14, 'query', 'ends at its limits, of time and of memory'],
  [15, 'cli', 'takes a number of threads that is one, and an empty TZ for UTC'],
  [15, 'cli', 'a name with a NUL'],
  [15, 'cli', 'says that its output cannot be written'],
  [16, 'cli', 'may hold pipes, which are said and never waited for'],
  [17, 'serve', 'lets other sites link to the page, and do nothing else'],
  [17, 'serve', 'end when the last of those who asked has left'],
  [17, 'serve', 'says when to ask again, if too many wait'],
  [17, 'serve', 'lets a page of another site do nothing but open it by a link'],
  [18, 'cli', 'prints no line that a name in the logs has brought'],
  [18, 'cli', 'leaves what can be seen, and marks what cannot'],
  [19, 'query', 'is null within values of several, too'],
  [19, 'export', 'takes a value with a NUL, and refuses one that is too long for a name'],
  [19, 'cli', 'are not taken from a variable that is no absolute path'],
];

export const attacks = [{ item: '1-19', name: 'those that are tests', run: find }];

/** They are not run here. One that was renamed or removed is missed. */
async function find(trial) {
  for (const [item, file, name] of TESTS) {
    const text = readFileSync(join(ROOT, 'test', `${file}.test.ts`), 'utf8');
    trial.try(text.includes(name), `item ${item}: ${file}.test.ts has no test '${name}'`);
  }
}
