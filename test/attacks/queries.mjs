// Queries that take all the time and memory there is.
import { Home } from './home.mjs';

export const attacks = [
  { item: 13, name: 'results without end', run: results },
  { item: 14, name: 'queries that do not stop', run: endless },
  { item: 14, name: 'memory without end', run: memory },
];

const MEGABYTE = 1e6;
/** What a limit of memory leaves for the program itself, and for rows on their way to the output. */
const ALLOWED = 1000 * MEGABYTE;

/** Printing is under the limits as well. */
async function results(trial) {
  const home = new Home();
  const table = await home.run(['query', 'select range as i from range(130000)']);
  trial.try(table.code === 0 && /The first 10000 of 130000 rows/.test(table.stderr), `a table: ${table.stderr}`);
  for (const format of ['csv', 'ndjson', 'json', 'markdown', 'table']) {
    const limits = ['--timeout', '5', '--memory-limit', '500MB'];
    const run = await home.run(['query', 'from range(12000000)', '--format', format, ...limits]);
    const isWhole = run.code === 0 || (run.code === 1 && /stopped/.test(run.stderr));
    trial.try(isWhole && run.taken < 12, `${format}: exit code ${run.code} after ${run.taken} s, ${run.stderr}`);
    trial.try(run.peak < 500 * MEGABYTE + ALLOWED, `${format}: ${run.peak / MEGABYTE} MB`);
  }
}

/** Functions that do not look whether they were interrupted. */
async function endless(trial) {
  const home = new Home();
  for (const sql of [
    "levenshtein(repeat('a', 150000), repeat('b', 150000))",
    "damerau_levenshtein(repeat('a', 20000), repeat('b', 20000))",
    "jaro_winkler_similarity(repeat('ab', 300000), repeat('ba', 300000))",
    "lpad('x', 2000000000, 'y')",
    "rpad('x', 2000000000, 'y')",
    "format('{:>2000000000}', 'x')",
    "repeat(repeat('abc', 100000000), 7)",
    "count(*) from (select unnest(generate_series(timestamp '2000-01-01', timestamp '2030-01-01', interval 1 microsecond)))",
    'count(*) from range(1000000000000)',
    "regexp_matches(repeat('a', 50000000), '(a*)*(a*)*b')",
    'factorial(2000000000)',
  ]) {
    const { code, taken, stderr } = await home.run(['query', `select ${sql}`, '--timeout', '2', '--format', 'csv'], {
      seconds: 30,
    });
    const isTold = code === 0 || (code === 1 && stderr.startsWith('clawtrace: query: '));
    // two seconds, one of grace, and what the start and the end take on a slow machine
    trial.try(isTold && taken < 8, `${sql}: exit code ${code} after ${taken} s, ${stderr.slice(0, 300)}`);
  }
  trial.try(home.leftInTemporary().length === 0, () => `left behind: ${home.leftInTemporary()}`);
}

/** What DuckDB does not count ends the query, too. */
async function memory(trial) {
  const home = new Home();
  for (const sql of [
    'select range(4000000000)',
    "select list(repeat('x', 1000) || i) from range(100000000) as r (i)",
    "select string_agg(repeat('x', 1000), '') from range(100000000)",
    'select * from range(1000000000) as a (i) order by hash(i)',
  ]) {
    const limits = ['--memory-limit', '300MB', '--timeout', '60'];
    const { code, peak, stderr } = await home.run(['query', sql, ...limits, '--json']);
    trial.try(
      code === 1 && stderr.trim().split('\n').length === 1,
      `${sql}: exit code ${code}, ${stderr.slice(0, 300)}`,
    );
    trial.try(peak < 300 * MEGABYTE + ALLOWED, `${sql}: ${Math.round(peak / MEGABYTE)} MB`);
  }
}
