import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, watch } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rowsInBatches } from '../src/database/connection.ts';
import { DuckDBInstance } from '../src/database/duckdb.ts';
import { withLimits } from '../src/database/limits.ts';
import { DENIED_FUNCTIONS } from '../src/database/checked-select.ts';
import { isComplete } from '../src/ask/end-of-statement.ts';
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
  writeFile,
} from './helpers.ts';

const line = (n: number, input: number, model = 'claude-opus-4-6', sessionId = 's1') =>
  claudeLine({
    sessionId,
    requestId: `req_${n}`,
    uuid: `0000000${n}-0000-4000-8000-000000000001`,
    message: { id: `msg_${n}`, model },
    usage: { input },
  });

/** Three responses: 1, 2 and 4 million tokens of input at 5, 5 and 3 USD per million: 5 + 10 + 12 USD. */
const home = (): string =>
  homeWith({
    [claudePath('s1')]: [line(1, 1_000_000), line(2, 2_000_000)],
    [claudePath('s2')]: [line(3, 4_000_000, 'claude-sonnet-4-6', 's2')],
    'secret.txt': 'do not read me',
    'secret.jsonl': [{ type: 'secret' }],
  });

/** Every file of a folder, by name, with its bytes. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, 'latin1')];
    }),
  );
}

describe('a query that could do more than read is refused in one line, and leaves everything as it is', () => {
  const ONE_SELECT = 'query takes one SELECT';
  const OUT_OF_REACH = 'query: may not read';
  const DENIED = 'it could do more than read';
  const cases: readonly (readonly [sql: string, message: string])[] = [
    [`copy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`copy usage to 'LOG'`, ONE_SELECT],
    [`copy (select 1) to 'LOG' (use_tmp_file false)`, ONE_SELECT],
    [`copy usage from 'LOG'`, ONE_SELECT],
    [`-- a comment\ncopy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`/* select 1 */ copy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`explain analyze copy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`explain (analyze /*) select "*/) copy usage to 'LOG'; --"`, 'syntax error'],
    [`explain (analyze, format json) copy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`-- \rcopy (select 1) to 'HOME/out.csv'; --\nexplain select 1`, ONE_SELECT],
    [`with t as (copy usage to 'HOME/out.csv') select 1`, 'query: '],
    [`with t as (insert into found_files select * from found_files returning *) from t`, 'query: '],
    [`attach 'HOME/out.duckdb'`, ONE_SELECT],
    [`attach ':memory:' as other`, ONE_SELECT],
    ['detach memory', ONE_SELECT],
    ['use memory', ONE_SELECT],
    [`export database 'HOME/out'`, ONE_SELECT],
    [`import database 'HOME/out'`, ONE_SELECT],
    ['install httpfs', ONE_SELECT],
    ['load httpfs', ONE_SELECT],
    ['set enable_external_access = true', ONE_SELECT],
    ['set variable price_files = []', ONE_SELECT],
    [`set temp_directory = 'HOME/out'`, ONE_SELECT],
    ['reset lock_configuration', ONE_SELECT],
    ['pragma enable_profiling', ONE_SELECT],
    [`pragma profiling_output = 'HOME/out.json'`, ONE_SELECT],
    ['call enable_logging()', ONE_SELECT],
    ['checkpoint', ONE_SELECT],
    ['vacuum', ONE_SELECT],
    ['begin', ONE_SELECT],
    ['create table t as select 1', ONE_SELECT],
    [`create or replace temp view usage as select 1`, ONE_SELECT],
    ['create secret (type s3)', ONE_SELECT],
    ['insert into found_files select * from found_files', ONE_SELECT],
    ['update found_files set is_lost = true', ONE_SELECT],
    ['delete from found_files', ONE_SELECT],
    ['truncate found_files', ONE_SELECT],
    ['drop view usage', ONE_SELECT],
    ['alter table found_files rename to f', ONE_SELECT],
    ['prepare p as select 1', ONE_SELECT],
    ['execute p', ONE_SELECT],
    ['select 1; select 2', 'one SELECT at a time'],
    [`select 1; copy usage to 'HOME/out.csv'`, ONE_SELECT],
    [`from enable_logging(storage = 'file', storage_path = 'HOME/out')`, DENIED],
    [`select * from (from Enable_Logging(storage = 'file', storage_path = 'HOME/out'))`, DENIED],
    [`with t as (from enable_profiling(save_location = 'HOME/out.json')) from t`, DENIED],
    [`describe from enable_logging(storage = 'file', storage_path = 'HOME/out')`, DENIED],
    [`explain analyze from enable_logging(storage = 'file', storage_path = 'HOME/out')`, DENIED],
    ['from checkpoint()', DENIED],
    ['from force_checkpoint()', DENIED],
    ['from truncate_duckdb_logs()', DENIED],
    [`select write_log('x')`, DENIED],
    [`from json_execute_serialized_sql(json_serialize_sql('select 1'))`, DENIED],
    [`from query('from enable_logging()')`, DENIED],
    ['from arrow_scan(1, 2, 3)', DENIED],
    [`from read_text('HOME/secret.txt')`, OUT_OF_REACH],
    [`from read_text('/etc/passwd')`, OUT_OF_REACH],
    [`from read_blob('PROJECTS/../../../secret.txt')`, OUT_OF_REACH],
    [`from read_csv('HOME/secret.txt')`, OUT_OF_REACH],
    [`from read_json('HOME/secret.jsonl')`, OUT_OF_REACH],
    [`from read_json('PROJECTS/*.jsonl')`, OUT_OF_REACH],
    [`from read_text('PROJECTS/link.jsonl')`, OUT_OF_REACH],
    [`from read_text('https://example.com/')`, OUT_OF_REACH],
    [`select (select content from read_text('HOME/secret.txt')) from usage`, OUT_OF_REACH],
    [`explain analyze from read_text('HOME/secret.txt')`, OUT_OF_REACH],
    [`from glob('HOME/*')`, OUT_OF_REACH],
    [`from glob('/etc/*')`, OUT_OF_REACH],
    [`from sniff_csv('HOME/secret.txt')`, OUT_OF_REACH],
    [`from parquet_metadata('HOME/secret.txt')`, OUT_OF_REACH],
    [`from read_duckdb('HOME/secret.txt')`, 'query: '],
    [`from 'HOME/secret.jsonl'`, 'query: '],
    [`from query_table('HOME/secret.jsonl')`, 'query: '],
    [`select getenv('HOME')`, 'query: '],
    ['select $missing', 'query: '],
    ['pivot usage on source using sum(cost)', 'PIVOT needs its values named'],
  ];

  it('whatever it tries', async () => {
    const place = home();
    const cwd = temporaryFolder();
    const projects = join(place, '.claude', 'projects', '-src-app');
    symlinkSync(join(place, 'secret.jsonl'), join(projects, 'link.jsonl'));
    const before = contents(place);
    for (const [sql, message] of cases) {
      const written = sql
        .replaceAll('HOME', place)
        .replaceAll('LOG', join(projects, 's1.jsonl'))
        .replaceAll('PROJECTS', projects);
      const { code, stdout, stderr } = await clawtrace(['query', written], { home: place, cwd });
      expect([code, stdout], sql).toEqual([1, '']);
      expect(stderr, sql).toContain(message);
      if (message !== 'query: ') expect(stderr.trim().split('\n'), sql).toHaveLength(1);
    }
    expect(contents(place)).toEqual(before);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('says so before any log is read', async () => {
    const place = homeWith({ [claudePath('s1')]: [line(1, 1)] });
    const { stderr } = await clawtrace(['query', 'drop view usage', '--logs', join(place, 'none')], { home: place });
    expect(stderr.trim()).toBe('clawtrace: query takes one SELECT: it reads, and changes nothing.');
  });

  it('knows every function that gives a table: a new version of DuckDB may have others', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(
      `select distinct function_name from duckdb_functions() where function_type = 'table' order by 1`,
    );
    const harmless = reader
      .getRows()
      .map(([name]) => String(name))
      .filter((name) => !DENIED_FUNCTIONS.has(name));
    expect(harmless).toMatchInlineSnapshot(`
      [
        "check_peg_parser",
        "duckdb_approx_database_count",
        "duckdb_columns",
        "duckdb_connection_count",
        "duckdb_constraints",
        "duckdb_coordinate_systems",
        "duckdb_databases",
        "duckdb_dependencies",
        "duckdb_extensions",
        "duckdb_external_file_cache",
        "duckdb_functions",
        "duckdb_indexes",
        "duckdb_keywords",
        "duckdb_log_contexts",
        "duckdb_logs",
        "duckdb_memory",
        "duckdb_optimizers",
        "duckdb_prepared_statements",
        "duckdb_schemas",
        "duckdb_secret_types",
        "duckdb_secrets",
        "duckdb_sequences",
        "duckdb_settings",
        "duckdb_table_sample",
        "duckdb_tables",
        "duckdb_temporary_files",
        "duckdb_types",
        "duckdb_variables",
        "duckdb_views",
        "generate_series",
        "glob",
        "icu_calendar_names",
        "json_each",
        "json_tree",
        "parquet_bloom_probe",
        "parquet_file_metadata",
        "parquet_full_metadata",
        "parquet_kv_metadata",
        "parquet_metadata",
        "parquet_scan",
        "parquet_schema",
        "pg_timezone_names",
        "pragma_collations",
        "pragma_database_size",
        "pragma_metadata_info",
        "pragma_platform",
        "pragma_show",
        "pragma_storage_info",
        "pragma_table_info",
        "pragma_user_agent",
        "pragma_version",
        "query_table",
        "range",
        "read_blob",
        "read_csv",
        "read_csv_auto",
        "read_duckdb",
        "read_json",
        "read_json_auto",
        "read_json_objects",
        "read_json_objects_auto",
        "read_ndjson",
        "read_ndjson_auto",
        "read_ndjson_objects",
        "read_parquet",
        "read_text",
        "repeat",
        "repeat_row",
        "seq_scan",
        "sniff_csv",
        "sql_auto_complete",
        "summary",
        "test_all_types",
        "test_vector_types",
        "unnest",
        "which_secret",
      ]
    `);
  });
});

describe('an honest query works', () => {
  const cases: readonly (readonly [sql: string, rows: readonly object[]])[] = [
    ['select sum(cost)::decimal(9, 2) as cost from usage', [{ cost: 27 }]],
    ['SELECT COUNT(*) AS n FROM usage;', [{ n: 3 }]],
    ['-- how many\nselect count(*) as n from usage -- so many', [{ n: 3 }]],
    ['/* how many */ select count(*) as n from usage; -- so many; really', [{ n: 3 }]],
    ['with big as (from usage where input_tokens > 1000000) select count(*) as n from big', [{ n: 2 }]],
    [
      'with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select max(n) as n from r',
      [{ n: 3 }],
    ],
    [
      'from usage select session_id, sum(input_tokens)::bigint as i group by all order by all limit 1',
      [{ session_id: 's1', i: 3_000_000 }],
    ],
    ['select row_number() over (order by cost) as n, cost::int as c from usage qualify n = 3', [{ n: 3, c: 12 }]],
    [
      `pivot usage on model in ('claude-opus-4-6', 'claude-sonnet-4-6') using count(*) group by source`,
      [{ source: 'claude_code', 'claude-opus-4-6': 2, 'claude-sonnet-4-6': 1 }],
    ],
    ['select column_name from (describe usage) limit 1', [{ column_name: 'response_key' }]],
    [
      `select key, responses from usage_by(model) order by key`,
      [
        { key: 'claude-opus-4-6', responses: 2 },
        { key: 'claude-sonnet-4-6', responses: 1 },
      ],
    ],
    ['select count(*) as n from log_lines', [{ n: 3 }]],
    ['select line_kind, sum(lines)::int as n from line_counts group by all', [{ line_kind: 'usage', n: 3 }]],
    [`select count(*) as n from read_json(getvariable('claude_code_paths'), format = 'newline_delimited')`, [{ n: 3 }]],
    ['select count(*) > 200 as many from price_list', [{ many: true }]],
    ['select count(*) > 1 as many from model_aliases', [{ many: true }]],
    ['values (1), (2)', [{ col0: 1 }, { col0: 2 }]],
    ['(select 1 as one)', [{ one: 1 }]],
    ["from query_table('usage') select count(*) as n", [{ n: 3 }]],
    [`select 'copy; drop' as text`, [{ text: 'copy; drop' }]],
    ['select count(*) as n from (select range as r from range(300000) order by hash(range))', [{ n: 300_000 }]],
  ];
  it('of any kind', async () => {
    const there = { home: home() };
    for (const [sql, rows] of cases) expect((await ask(['query', sql], there)).rows, sql).toEqual(rows);
  });

  it('about the views themselves', async () => {
    const there = { home: home() };
    const described = await ask(['query', 'describe usage;'], there);
    expect(described.rows.find((row) => row.column_name === 'cost')).toMatchObject({ column_type: 'DECIMAL(38,12)' });
    const summarized = await ask(['query', 'summarize select input_tokens as i from usage'], there);
    expect(summarized.rows).toMatchObject([{ column_name: 'i', min: '1000000', max: '4000000', count: 3 }]);
    const tables = (await ask(['query', 'show tables'], there)).rows.map((row) => row.name);
    expect(tables).toEqual(expect.arrayContaining(['usage', 'sessions', 'prices', 'log_files', 'line_counts']));
  });

  it('explains a plan, to people as a drawing', async () => {
    const there = { home: home() };
    const { stdout } = await clawtrace(['query', 'explain select 1 as one'], there);
    expect(stdout).toMatch(/^┌─+┐\n│ +PROJECTION/);
    for (const explain of ['-- why\nexplain (format json)', 'Explain /* how */'])
      expect((await clawtrace(['query', `${explain} (select 1 as one)`], there)).code).toBe(0);
    const { rows } = await ask(['query', 'EXPLAIN ANALYZE select count(*) from usage'], there);
    expect(rows).toMatchObject([{ explain_key: 'analyzed_plan' }]);
  });

  it('sorts what does not fit into its memory, in a private folder', async () => {
    const temporary = temporaryFolder();
    const sql = 'select max(n) as n from (select row_number() over (order by hash(range)) as n from range(6000000))';
    const args = ['query', sql, '--memory-limit', '200MB', '--json'];
    const { stdout } = await spawnClawtrace(args, { home: home(), env: { TMPDIR: temporary } });
    expect(JSON.parse(stdout).rows).toEqual([{ n: 6_000_000 }]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('over logs with names that are patterns', async () => {
    const place = homeWith({ [claudePath('a[1]')]: [line(1, 5)], [claudePath("it's")]: [line(2, 6)] });
    const { rows } = await ask(['query', 'select count(*) as n from log_lines'], { home: place });
    expect(rows).toEqual([{ n: 2 }]);
  });

  it('beside a link that leads out of the logs, which is not read', async () => {
    const place = home();
    symlinkSync(join(place, 'secret.jsonl'), join(place, '.claude', 'projects', '-src-app', 'link.jsonl'));
    const { rows, warnings } = await ask(['query', 'select count(*) as n from log_lines'], { home: place });
    expect(rows).toEqual([{ n: 3 }]);
    expect(warnings[0]).toContain('link.jsonl: skipped, it links to a file outside the log folders');
  });
});

describe('the SQL of a query', () => {
  const sql = 'select count(*) as n from usage';

  it('comes from an argument, a file or standard input', async () => {
    const place = home();
    writeFile(join(place, 'n.sql'), `\ufeff-- how many\r\n${sql};\r\n`);
    const there = { home: place, cwd: place };
    expect((await ask(['query', '--file', 'n.sql'], there)).rows).toEqual([{ n: 3 }]);
    expect((await ask(['query', '-f', 'n.sql'], there)).rows).toEqual([{ n: 3 }]);
    expect((await ask(['query'], { ...there, input: sql })).rows).toEqual([{ n: 3 }]);
    expect((await ask(['query', '-'], { ...there, input: `${sql}\n` })).rows).toEqual([{ n: 3 }]);
    expect((await ask(['query', '-f', '-'], { ...there, input: sql })).rows).toEqual([{ n: 3 }]);
  });

  it.each([
    [['query', '-f', 'none.sql'], 'none.sql: cannot be read (ENOENT).'],
    [['query', 'select 1', '-f', 'none.sql'], 'as an argument or from a --file, not both'],
    [['query', '  '], 'query needs SQL: one SELECT'],
    [['query', '-- nothing'], 'query needs SQL: one SELECT'],
    [['query', 'select 1', '--param', 'x'], "--param must be NAME=VALUE, not 'x'."],
    [['query', 'select 1', '--param', 'x=1'], 'a --param is not in the SQL'],
    [['query', 'select $x'], 'parameters: x'],
    [['query', 'select 1', '--timeout', 'soon'], '--timeout must be a number of seconds'],
    [['query', 'select 1', '--memory-limit', 'lots'], '--memory-limit must be a size such as 500MB'],
    [['query', 'select 1', '--memory-limit', '99999KB'], "--memory-limit must be 100MB or more, not '99999KB'."],
    [['query', 'select a\n  from'], 'syntax error at end of input (line 2, column 7)'],
    [['query', 'select count(*) from range(100000000000)', '--timeout', '0.5'], 'stopped after 0.5 s'],
    [['query', 'select list(range) from range(50000000)', '--memory-limit', '100MB'], 'Out of Memory'],
  ] as const)('%s: %s', async (args, message) => {
    const { code, stdout, stderr } = await clawtrace(args, { home: home(), cwd: temporaryFolder() });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('that does not bind is told with its place', async () => {
    const { stderr } = await clawtrace(['query', 'select modle\nfrom usage'], { home: home() });
    expect(stderr).toMatch(/"modle" not found.*\n.*"model".*\n {2}LINE 1: select modle\n +\^\n$/);
  });

  it('that fails while it runs is told with its line, too', async () => {
    const { stderr } = await clawtrace(['query', "select '1' as a\nunion all\nselect 'x'::int"], { home: home() });
    expect(stderr).toMatch(/Could not convert string 'x'.*\n {2}LINE 3: select 'x'::int\n/);
  });

  it('takes values for $NAME, as text that fits what it meets', async () => {
    const there = { home: home() };
    const where =
      'select count(*) as n from usage where input_tokens >= $least and session_id = $s and responded_at < $day';
    const values = ['--param', 'least=2000000', '--param', 's=s1', '--param', 'day=2026-04-02'];
    const answer = await ask(['query', where, ...values], there);
    expect(answer.rows).toEqual([{ n: 1 }]);
    expect(answer.params).toMatchObject({ least: '2000000', s: 's1', day: '2026-04-02' });
    const evil = `x'; drop view usage; --`;
    expect(
      (await ask(['query', 'select $a as a, $n::int + 1 as n', '--param', `a=${evil}`, '--param', 'n=41'], there)).rows,
    ).toEqual([{ a: evil, n: 42 }]);
    expect((await ask(['query', 'describe select $a as a', '--param', 'a=1'], there)).rows).toMatchObject([
      { column_name: 'a' },
    ]);
  });

  it('prints in every format', async () => {
    const there = { home: home() };
    const query = [
      'query',
      'select model, sum(cost)::decimal(9, 2) as cost from usage group by model order by model limit 1',
    ];
    const out = async (format: string): Promise<string> =>
      (await clawtrace([...query, '--format', format], there)).stdout;
    expect(await out('csv')).toBe('model,cost\nclaude-opus-4-6,15.00\n');
    expect(await out('ndjson')).toBe('{"model":"claude-opus-4-6","cost":15.0}\n');
    expect(await out('markdown')).toContain('| claude-opus-4-6 | 15.00 |');
    expect(await out('table')).toMatch(/claude-opus-4-6 +15\.00/);
  });

  it('keeps its order, whatever its columns are called', async () => {
    const sql = 'select 300000 - i as rowid, i from range(300000) as r (i) order by i';
    const counted = Array.from({ length: 300_000 }, (_, i) => `${300_000 - i},${i}\n`).join('');
    expect((await clawtrace(['query', sql, '--format', 'csv'])).stdout === `rowid,i\n${counted}`).toBe(true);
    const few = 'select 2 - i as rowid, i from range(3) as r (i) order by i';
    expect((await ask(['query', few])).rows.map(({ rowid }) => rowid)).toEqual([2, 1, 0]);
    expect((await clawtrace(['query', few])).stdout).toMatch(/2 +0\n +1 +1\n +0 +2\n/);
  });
});

describe('--timeout', () => {
  it('stops again what asks on after it was stopped, and holds for that work alone', async () => {
    // one thread, which counts for seconds on any machine
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    const count = async (rows: number): Promise<unknown> =>
      (await connection.runAndReadAll(`select count(*)::integer from range(${rows}) as number where random() < 2`))
        .getRows()
        .flat();
    let stopped = 0;
    const work = async (): Promise<unknown> => {
      await count(1e11).catch(() => (stopped += 1));
      return count(3e8);
    };
    await expect(withLimits(connection, { seconds: 0.01 }, work)).rejects.toThrow('query: stopped after 0.01 s');
    expect(stopped).toBe(1);
    expect(await count(1e7)).toEqual([1e7]);
  });
});

/** Functions of DuckDB's that do not look whether they were interrupted. */
const ENDLESS = "select levenshtein(repeat('a', 2000000), repeat('b', 2000000))";

describe('a query that does not stop', () => {
  it('ends at its limits, of time and of memory', async () => {
    const temporary = temporaryFolder();
    const ended = async (sql: string, ...options: string[]): Promise<[number | null, string]> => {
      const { code, stderr } = await spawnClawtrace(['query', sql, ...options], { env: { TMPDIR: temporary } });
      return [code, stderr];
    };
    expect(await ended(ENDLESS, '--timeout', '0.5')).toEqual([
      1,
      'clawtrace: query: stopped after 0.5 s, as --timeout says.\n',
    ]);
    // 32 GB, which DuckDB does not count
    expect(await ended('select range(4000000000) as r', '--memory-limit', '100MB')).toEqual([
      1,
      'clawtrace: query: stopped at 500 MB more than --memory-limit says.\n',
    ]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', []],
    ['SIGTERM', ['--timeout', '600']],
  ] as const)('ends with %s %s, and leaves nothing', async (signal, limit) => {
    const [folder, temporary] = [temporaryFolder(), temporaryFolder()];
    // the file tells that the query runs
    const sql = `copy (select 1) to '${join(folder, 'started.csv')}'; ${ENDLESS}`;
    const env = environment(temporaryFolder(), { TMPDIR: temporary });
    const child = spawn(process.execPath, [CLI, 'query', sql, '--write', ...limit], { env, stdio: 'ignore' });
    const watcher = watch(folder, (_, name) => name === 'started.csv' && child.kill(signal));
    const ending = await new Promise((done) => child.on('close', (_, endedBy) => done(endedBy)));
    watcher.close();
    expect([ending, readdirSync(temporary)]).toEqual([signal, []]);
  });

  it('is not what a limit does to others: it prints, and exits as it would without', async () => {
    const limits = ['--timeout', '600', '--memory-limit', '1GB'];
    const { code, stdout } = await spawnClawtrace(['query', 'select 6 * 7 as answer', '--format', 'csv', ...limits]);
    expect([code, stdout]).toEqual([0, 'answer\n42\n']);
    const wrong = await spawnClawtrace(['query', 'select', ...limits]);
    expect([wrong.code, wrong.stdout, wrong.stderr]).toEqual([1, '', expect.stringMatching(/^clawtrace: query: /)]);
  });
});

describe('rows on their way to the output', () => {
  it('come in any number, in every format that is for machines', async () => {
    const sql = 'select i, i % 7 = 0 as is_seventh from range(100000) as r (i) order by i';
    const out = async (format: string) => (await clawtrace(['query', sql, '--format', format])).stdout;
    const wanted = Array.from({ length: 100_000 }, (_, i) => ({ i, is_seventh: i % 7 === 0 }));
    expect((await ask(['query', sql])).rows).toEqual(wanted);
    expect(await out('ndjson')).toBe(wanted.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect(await out('csv')).toBe(`i,is_seventh\n${wanted.map((row) => `${row.i},${row.is_seventh}\n`).join('')}`);
    expect((await out('markdown')).split('\n')).toHaveLength(100_003);
  });

  it('are cut with a word where a table would be longer than anybody reads', async () => {
    const { stdout, stderr } = await clawtrace(['query', 'select range as i from range(130000)']);
    // a heading, a rule, the rows, and the end of the last line
    expect(stdout.split('\n')).toHaveLength(2 + 10_000 + 1);
    expect(stdout).toMatch(/\n9,999\n$/);
    expect(stderr).toContain('The first 10000 of 130000 rows. --json has them all.');
    const long = await clawtrace(['query', "select repeat('x', 10001) as text"]);
    expect(long.stdout.split('\n')[2]).toBe(`${'x'.repeat(10_000)}…`);
  });

  it('that fail half way end with what DuckDB says', async () => {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    const sql = `select if(i = 50000, error('half way'), i) as i from range(60000) as r (i)`;
    let rows = 0;
    const read = async (): Promise<void> => {
      for await (const batch of rowsInBatches(connection, sql)) rows += batch.length;
    };
    await expect(read()).rejects.toThrow('half way');
    expect(rows).toBeLessThan(50_000);
  });
});

describe('--write', () => {
  it('lifts the protection, and says so', async () => {
    const place = home();
    const sql = `copy (select sum(cost)::decimal(9, 2) as cost from usage) to '${join(place, 'out.csv').replaceAll('\\', '/')}'`;
    const { code, stdout, stderr } = await clawtrace(['query', sql, '--write', '--format', 'csv'], { home: place });
    expect([code, stdout]).toEqual([0, 'Count\n1\n']);
    expect(stderr).toContain('warning: --write: this SQL may read, change and delete anything that you can');
    expect(readFileSync(join(place, 'out.csv'), 'utf8')).toBe('cost\n27.00\n');
    const read = await ask(
      ['query', `select content from read_text('${join(place, 'secret.txt').replaceAll('\\', '/')}')`, '--write'],
      { home: place },
    );
    expect(read.rows).toEqual([{ content: 'do not read me' }]);
    const bytes = await ask(['query', `create table b as select 'a\\xFF'::blob as bytes; from b`, '--write']);
    expect(bytes.rows).toEqual([{ bytes: 'a\\xFF' }]);
  });
});

describe('a report of the user’s own', () => {
  const report = (sql: string): string =>
    homeWith({ [claudePath('s1')]: [line(1, 5)], '.config/clawtrace/reports/mine.sql': `-- Mine.\n${sql}\n` });

  it.each([
    [`copy usage to 'out.csv'`, 'takes one SELECT'],
    [`select * from enable_logging(storage = 'file', storage_path = 'out')`, 'must not call enable_logging()'],
    ["select content from read_text('/etc/passwd')", 'mine.sql: may not read /etc/passwd'],
    [`-- @exit 5 when true; copy (select 1) to 'out.csv'\nselect 1 as one`, 'takes one SELECT'],
  ])('can do no more than a query: %s', async (sql, message) => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await clawtrace(['mine'], { home: report(sql), cwd });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('what is no number', () => {
  it('is null in JSON, which has no word for it', async () => {
    const sql = "select 1.0::double / 0 as a, 'nan'::float as b, 0.5::double as c, 1e400 as d";
    expect((await ask(['query', sql])).rows).toEqual([{ a: null, b: null, c: 0.5, d: null }]);
  });

  it('is null within values of several, too, and a text that is spelled like it stays', async () => {
    const sql = `select ['inf'::double, 0.5] as list, {'Infinity': '-inf'::float, 'text': 'a "NaN" \\'} as record,
      map {'nan': 'nan'::double} as map, union_value(a := 'inf'::double) as either, '{"a": [NaN, -Infinity]}'::json as json`;
    const wanted = {
      list: [null, 0.5],
      record: { Infinity: null, text: 'a "NaN" \\' },
      map: { nan: null },
      either: { a: null },
      json: { a: [null, null] },
    };
    expect((await ask(['query', sql])).rows).toEqual([wanted]);
    expect(JSON.parse((await clawtrace(['query', sql, '--format', 'ndjson'])).stdout)).toEqual(wanted);
  });
});

describe('JSON is JSON', () => {
  it('for every type that DuckDB has, printed and exported', async () => {
    const folder = temporaryFolder();
    const sql = 'from test_all_types()';
    const { stdout } = await clawtrace(['query', sql, '--format', 'ndjson']);
    // the least value of each type, the greatest, and none
    const rows = stdout.trim().split('\n').map((text) => JSON.parse(text) as Record<string, unknown>); // prettier-ignore
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatchObject({
      varchar: 'goo\0se',
      bit: '10101',
      timestamp_tz: '294247-01-10 04:00:54.776806+00',
      double_array: [42, null, null, null, null, -42],
    });
    expect(new Set(Object.values(rows[2]!))).toEqual(new Set([null]));
    expect((await ask(['query', sql])).rows).toEqual(rows);
    await clawtrace(['export', sql, '-o', 'all.jsonl'], { cwd: folder });
    expect(readFileSync(join(folder, 'all.jsonl'), 'utf8')).toBe(stdout);
  });
});

describe('every view', () => {
  it('of the price tables and of what was done about alerts can be asked', async () => {
    const home = homeWith({ '.local/share/clawtrace/alerts.jsonl': '' });
    for (const view of ['context_windows', 'alert_events', 'model_aliases', 'price_list'])
      expect(await clawtrace(['query', `from ${view} limit 1`, '--format', 'csv'], { home }), view).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^\w+,/),
      });
  });
});

describe('the prompt', () => {
  it.each([
    ['select 1;', true],
    ['select 1', false],
    ['select 1; ', true],
    ['select 1; -- done', true],
    ['select 1 -- done;', false],
    [`select ';`, false],
    [`select ';';`, true],
    [`select 'it''s;`, false],
    ['select ";"', false],
    ['select /* ; */', false],
    ['select /* ;', false],
    ['select $$;', false],
    ['select $$;$$;', true],
    ['', false],
  ])('takes %s as a whole statement: %s', (sql, isWhole) => {
    expect(isComplete(sql)).toBe(isWhole);
  });
});
