import { spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  watch,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { tableFromIPC } from 'apache-arrow';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ask,
  claudeLine,
  claudePath,
  CLI,
  clawtrace,
  homeWith,
  spawnClawtrace,
  temporaryFolder,
  writeFile,
  type Run,
} from './helpers.ts';

/** Every type that a file may get wrong, and every value that it may. NULLs stand in the third row. */
const VALUES = `
  select * from (values
    (1::bigint, 'plain', 0.000000000001::decimal(38, 12), timestamptz '2026-03-01 00:30:00.123+01', date '2026-02-28',
      true, 0.1::double, 9007199254740993::bigint, timestamp '2026-01-02 03:04:05.678', 7::tinyint, 12.5::decimal(5, 2)),
    (2, E'a "quoted", text\nof two lines – ünï🦀', -12345678901234567890123456.123456789012, '2026-12-31 23:59:59.999+00',
      '1999-12-31', false, -1.5, -9007199254740993, '2026-06-30 12:00:00', -128, -999.99),
    (3, null, null, null, null, null, null, null, null, null, null),
    (4, '=1+1', 0, '1970-01-01 00:00:00+00', '2024-02-29', true, 1e300, 0, '1970-01-01', 127, 0),
    (5, '', 99999999999999999999999999.999999999999, '2026-07-01 10:00:00+00', '9999-12-31', false, 0, 1, '2100-01-01', 0, 1)
  ) as t (id, text, money, moment, day, flag, ratio, large, local_time, tiny, small) order by id`;

async function exported(
  what: readonly string[],
  file: string,
  surroundings: object = {},
): Promise<Run & { path: string }> {
  const path = join(temporaryFolder(), file);
  const run = await clawtrace(['export', ...what, '-o', path], surroundings);
  expect(run.code, run.stderr).toBe(0);
  return { ...run, path };
}

const text = (path: string): string => readFileSync(path, 'utf8');

async function readParquet(path: string): Promise<{ rows: Record<string, any>[]; metadata: FileMetaData }> {
  const file = await asyncBufferFromFile(path);
  return { rows: await parquetReadObjects({ file, compressors }), metadata: await parquetMetadataAsync(file) };
}

describe('a file, read back by a reader that is not DuckDB', () => {
  it('Parquet', async () => {
    const { path } = await exported([VALUES], 'values.parquet');
    const { rows, metadata } = await readParquet(path);
    expect(rows.map((row) => row.id)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(rows.map((row) => row.text)).toEqual(['plain', 'a "quoted", text\nof two lines – ünï🦀', null, '=1+1', '']);
    expect(rows.map((row) => row.moment?.toISOString() ?? null)).toEqual([
      '2026-02-28T23:30:00.123Z',
      '2026-12-31T23:59:59.999Z',
      null,
      '1970-01-01T00:00:00.000Z',
      '2026-07-01T10:00:00.000Z',
    ]);
    expect(rows.map((row) => row.day?.toISOString().slice(0, 10) ?? null)).toEqual([
      '2026-02-28', '1999-12-31', null, '2024-02-29', '9999-12-31',
    ]); // prettier-ignore
    expect(rows.map((row) => row.large)).toEqual([9007199254740993n, -9007199254740993n, null, 0n, 1n]);
    expect(rows.map((row) => row.ratio)).toEqual([0.1, -1.5, null, 1e300, 0]);
    expect(rows.map((row) => row.flag)).toEqual([true, false, null, true, false]);
    const money = metadata.schema.find(({ name }) => name === 'money')!;
    expect([money.precision, money.scale]).toEqual([38, 12]);
    const notes = Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    const { prices } = await ask(['query', 'select 1 as one']);
    const { version } = JSON.parse(text('package.json'));
    expect(notes).toMatchObject({ producer: 'clawtrace', clawtrace_version: version, price_version: prices.version });
    expect(metadata.row_groups[0]!.columns.map((column) => column.meta_data!.codec)).toContain('ZSTD');
  });

  it.each(['arrow', 'arrows'])('Arrow: .%s', async (ending) => {
    const { path } = await exported([VALUES], `values.${ending}`);
    const bytes = readFileSync(path);
    expect(bytes.subarray(0, 6).toString() === 'ARROW1').toBe(ending === 'arrow');
    const table = tableFromIPC(bytes);
    expect(Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]))).toEqual({
      id: 'Int64',
      text: 'Dictionary<Uint8, Utf8>',
      money: 'Decimal[38e+12]',
      moment: 'Timestamp<MICROSECOND, UTC>',
      day: 'Date32<DAY>',
      flag: 'Bool',
      ratio: 'Float64',
      large: 'Int64',
      local_time: 'Timestamp<MICROSECOND>',
      tiny: 'Int8',
      small: 'Decimal[38e+2]',
    });
    const column = (name: string): unknown[] => [...table.getChild(name)!];
    expect(column('text')).toEqual(['plain', 'a "quoted", text\nof two lines – ünï🦀', null, '=1+1', '']);
    expect(column('large')).toEqual([9007199254740993n, -9007199254740993n, null, 0n, 1n]);
    expect(column('flag')).toEqual([true, false, null, true, false]);
    expect(column('tiny')).toEqual([7, -128, null, 127, 0]);
    expect(column('ratio')).toEqual([0.1, -1.5, null, 1e300, 0]);
    expect(column('moment')).toEqual([
      Date.parse('2026-02-28T23:30:00.123Z'), Date.parse('2026-12-31T23:59:59.999Z'), null, 0, Date.parse('2026-07-01T10:00:00Z'),
    ]); // prettier-ignore
    expect(column('money').map((value) => value && decimal(value as Uint32Array))).toEqual([
      1n, -12345678901234567890123456123456789012n, null, 0n, 99999999999999999999999999999999999999n,
    ]); // prettier-ignore
    expect(column('small').map((value) => value && decimal(value as Uint32Array))).toEqual([
      1250n,
      -99999n,
      null,
      0n,
      100n,
    ]);
    expect(table.schema.metadata.get('producer')).toBe('clawtrace');
  });

  it('Arrow of more rows than fit a batch, of many and of boundary numbers of texts', async () => {
    // 65,536 rows fit a batch. 255 texts have an index of one byte, 256 one of two; 150,000 are no dictionary.
    const sql = `select i, 'unique ' || i as unique_text, (i % 255)::varchar as few, (i % 256)::varchar as more,
      if(i % 3 = 0, null, i) as third, if(i % 2 = 0, null, 't' || i) as half from range(150000) as r (i)`;
    const { path } = await exported([sql], 'many.arrow');
    const table = tableFromIPC(readFileSync(path));
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64', 'Utf8', 'Dictionary<Uint8, Utf8>', 'Dictionary<Uint16, Utf8>', 'Int64', 'Utf8',
    ]); // prettier-ignore
    expect([table.numRows, table.batches.length]).toEqual([150_000, 3]);
    const [i, unique, few, more, third, half] = table.schema.fields.map(({ name }) => table.getChild(name)!);
    for (let row = 0; row < 150_000; row++) {
      const got = [i!.get(row), unique!.get(row), few!.get(row), more!.get(row), third!.get(row), half!.get(row)];
      const even = row % 2 === 0;
      const wanted = [BigInt(row), `unique ${row}`, `${row % 255}`, `${row % 256}`, row % 3 === 0 ? null : BigInt(row), even ? null : `t${row}`]; // prettier-ignore
      if (got.join('|') !== wanted.join('|')) expect(got).toEqual(wanted);
    }
    // of 150,000 rows, every third is NULL: 50,000; every second: 75,000
    expect([third!.nullCount, half!.nullCount]).toEqual([50_000, 75_000]);
  });

  it('CSV, raw and for spreadsheets', async () => {
    const sql = `select * from (values (1, '=1+1', -2.5::decimal(4, 2)), (2, '@a, "b"', 3), (3, E'two\nlines', null), (4, '-x', 0), (5, null, 1)) as t (id, "=text", money) order by id`; // prettier-ignore
    const raw = await exported([sql], 'raw.csv');
    expect(text(raw.path)).toBe(
      'id,=text,money\n1,=1+1,-2.50\n2,"@a, ""b""",3.00\n3,"two\nlines",\n4,-x,0.00\n5,,1.00\n',
    );
    const excel = await exported([sql, '--excel'], 'excel.csv');
    expect(text(excel.path)).toBe(
      `\ufeffid,'=text,money\r\n1,'=1+1,-2.50\r\n2,"'@a, ""b""",3.00\r\n3,"two\nlines",\r\n4,'-x,0.00\r\n5,,1.00\r\n`,
    );
  });

  it('CSV for spreadsheets has no formula, in text of any type', async () => {
    const sql = `select '=1'::enum ('=1', 'x') as choice, '-5'::json as json, union_value(a := '+1') as either, '@'::blob as bytes,
      -5::hugeint as whole, -0.5::double as ratio, date '2026-03-01' as day, null as nothing`;
    const { path } = await exported([sql, '--excel'], 'types.csv');
    expect(text(path).split('\r\n')[1]).toBe(`'=1,'-5,'+1,'@,-5,-0.5,2026-03-01,`);
  });

  it('CSV and JSON have the microseconds of a time, and tell an empty text from none', async () => {
    const sql = `select '' as empty, null as nothing, timestamptz '2026-03-01 01:00:00.123456+01' as exact,
      timestamptz '2026-03-01 01:00:00.1+01' as short`;
    const csv = 'empty,nothing,exact,short\n"",,2026-03-01T00:00:00.123456Z,2026-03-01T00:00:00.100Z\n';
    const json =
      '{"empty":"","nothing":null,"exact":"2026-03-01T00:00:00.123456Z","short":"2026-03-01T00:00:00.100Z"}\n';
    for (const [ending, format, wanted] of [
      ['csv', 'csv', csv],
      ['jsonl', 'ndjson', json],
    ] as const) {
      expect(text((await exported([sql], `exact.${ending}`)).path)).toBe(wanted);
      expect((await clawtrace(['query', sql, '--format', format])).stdout).toBe(wanted);
    }
  });

  it('CSV and JSON lines are what the same report prints', async () => {
    for (const [report, ...options] of [['daily', '--breakdown=model'], ['sessions'], ['hourly'], ['focus']]) {
      const { path } = await exported([report!, ...options, '--demo'], 'report.csv');
      expect(text(path)).toBe((await clawtrace([report!, ...options, '--demo', '--format', 'csv'])).stdout);
    }
    const { path } = await exported(['daily', '--demo'], 'report.jsonl');
    expect(text(path)).toBe((await clawtrace(['daily', '--demo', '--format', 'ndjson'])).stdout);
  });

  it('xlsx: dates and numbers are dates and numbers, formulas are text, the header stays in sight', async () => {
    const sql = `select timestamptz '2026-03-01 01:00:00+01' as moment, date '2026-03-02' as day, 123456789012345 as whole,
      1234567890123456 as too_long, '=1+1' as formula, 0.25::decimal(38, 12) as cost, true as flag, null as nothing,
      E'<a> & "b"\\n\\x01ü' as text`;
    const { path } = await exported([sql], 'values.xlsx');
    const parts = unzip(readFileSync(path));
    const sheet = parts.get('xl/worksheets/sheet1.xml')!;
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).not.toContain('<f>');
    expect([...sheet].filter((letter) => letter < ' ' && !'\t\n\r'.includes(letter))).toEqual([]);
    const cells = cellsOf(sheet);
    expect(cells.get('A1')).toEqual({ type: 'inlineStr', value: 'moment (UTC)' });
    // 2026-03-01 is 46082 days after 1899-12-30
    expect(cells.get('A2')).toMatchObject({ type: undefined, value: '46082' });
    expect(cells.get('B2')).toMatchObject({ type: undefined, value: '46083' });
    expect(cells.get('C2')).toMatchObject({ type: undefined, value: '123456789012345' });
    expect(cells.get('D2')).toEqual({ type: 'inlineStr', value: '1234567890123456' });
    expect(cells.get('E2')).toEqual({ type: 'inlineStr', value: '=1+1' });
    expect(cells.get('F2')).toMatchObject({ type: undefined, value: '0.25' });
    expect(cells.get('G2')).toEqual({ type: 'b', value: '1' });
    expect(cells.get('H2')?.value ?? '').toBe('');
    expect(cells.get('I2')!.value).toMatch(/^&lt;a&gt; &amp; (&quot;|")b(&quot;|")/);
    expect(parts.get('xl/styles.xml')).toContain('yyyy-mm-dd hh:mm:ss');
  });

  it('xlsx: what Excel has no day or number for is text', async () => {
    const days = ['0001-01-01', '1900-02-28', '1900-03-01', '9999-12-31', '10000-01-01', '290000-12-31', 'infinity'];
    const sql = `select day::date as day, day::timestamp as moment, [day::timestamp] as moments, [1.5] as prices, [0.5::double] as ratios
      from (select unnest(['${days.join("', '")}']) as day)`;
    const { path } = await exported([sql], 'days.xlsx');
    const cells = cellsOf(unzip(readFileSync(path)).get('xl/worksheets/sheet1.xml')!);
    const column = (letter: string): string[] => days.map((_, index) => cells.get(`${letter}${index + 2}`)!.value);
    // 1900-03-01 is 61 days after 1899-12-30, and 9999-12-31 2958465
    expect(column('A')).toEqual([
      '0001-01-01',
      '1900-02-28',
      '61',
      '2958465',
      '10000-01-01',
      '290000-12-31',
      'infinity',
    ]);
    expect(column('B')).toEqual([
      '0001-01-01T00:00:00.000Z', '1900-02-28T00:00:00.000Z', '61', '2958465', '10000-01-01T00:00:00.000Z', '290000-12-31T00:00:00.000Z', 'infinity',
    ]); // prettier-ignore
    expect([cells.get('C4'), cells.get('D2'), cells.get('E2')].map((cell) => cell!.value)).toEqual([
      expect.stringContaining('1900-03-01'),
      '[1.5]',
      '[0.5]',
    ]);
  });

  it('a sheet that cannot hold the rows is refused, not cut', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await clawtrace(['export', 'select 1 as a from range(1048576)', '-o', 'a.xlsx'], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('a sheet has room for 1048575 rows, but there are 1048576'),
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('no rows: a whole file all the same', async () => {
    const none = `select * from (${VALUES}) where id > 5`;
    expect((await readParquet((await exported([none], 'none.parquet')).path)).rows).toEqual([]);
    for (const ending of ['arrow', 'arrows']) {
      const table = tableFromIPC(readFileSync((await exported([none], `none.${ending}`)).path));
      expect([table.numRows, table.schema.fields.length]).toEqual([0, 11]);
    }
    expect(text((await exported([none], 'none.csv')).path)).toBe(
      'id,text,money,moment,day,flag,ratio,large,local_time,tiny,small\n',
    );
    expect(text((await exported([none], 'none.jsonl')).path)).toBe('');
    const sheet = unzip(readFileSync((await exported([none], 'none.xlsx')).path)).get('xl/worksheets/sheet1.xml')!;
    expect(cellsOf(sheet).size).toBe(11);
    const numbers = tableFromIPC(readFileSync((await exported(['select i from range(0) as r (i)'], 'n.arrow')).path));
    expect([numbers.numRows, numbers.schema.fields.length]).toEqual([0, 1]);
  });

  it('sums of whole numbers keep every digit, lists and records are JSON where there is nothing better', async () => {
    // 2 × (2^62 + 1) = 9223372036854775810, one more than 63 bits and two more than a double can tell
    const sql = `select sum(4611686018427387905) as total, [1, 2] as list, {'a': 1} as record from range(2)`;
    const arrow = tableFromIPC(readFileSync((await exported([sql], 'sum.arrow')).path)).get(0)!;
    expect(decimal(arrow.total)).toBe(9223372036854775810n);
    expect([arrow.list, arrow.record]).toEqual(['[1,2]', '{"a":1}']);
    const { metadata } = await readParquet((await exported([sql], 'sum.parquet')).path);
    expect(metadata.schema.find(({ name }) => name === 'total')).toMatchObject({ precision: 38, scale: 0 });
    expect(text((await exported([sql], 'sum.csv')).path)).toBe(
      `total,list,record\n9223372036854775810,"[1, 2]",{'a': 1}\n`,
    );
  });
});

describe('what is exported', () => {
  it('a view, narrowed by the filters, in the order of time; the same bytes every time', async () => {
    const first = await exported(['usage', '--demo', '--last', '7d'], 'usage.parquet');
    const { rows } = await readParquet(first.path);
    const { rows: asked } = await ask([
      'query',
      '--demo',
      '--last',
      '7d',
      'select * from usage order by responded_at, response_key',
    ]);
    expect(rows.map((row) => row.response_key)).toEqual(asked.map((row) => row.response_key));
    expect(first.stdout).toBe('');
    expect(first.stderr).toContain(`${first.path}: ${asked.length} rows, `);
    const second = await exported(['usage', '--demo', '--last', '7d'], 'usage.parquet');
    expect(readFileSync(second.path).equals(readFileSync(first.path))).toBe(true);
  });

  it('a report rather than the view of that name, with its own arguments and options', async () => {
    const { path } = await exported(['sessions', '--demo'], 'sessions.csv');
    expect(text(path)).toMatch(/^session_id,source,project,started_at,ended_at,models,responses,/);
    const unpriced = await exported(['--demo', 'prices', '--unpriced'], 'prices.csv');
    expect(text(unpriced.path)).toContain('northwind-coder-2');
    const explain = await exported(['explain', '2026-04-23', '--demo'], 'explain.csv');
    expect(text(explain.path)).toMatch(/^response_key,/);
  });

  it('every view, whatever columns it has', async () => {
    const { path } = await exported(['tool_calls', '--demo'], 'calls.csv');
    expect(text(path)).toContain('response_key');
  });

  it('a report as it runs: with what it needs, and no more than a query may do', async () => {
    const folder = temporaryFolder();
    writeFile(join(folder, 'prompt.txt'), 'Say hello.');
    const { path } = await exported(['estimate', join(folder, 'prompt.txt'), '--model', 'gpt-5.4'], 'estimate.csv');
    expect(text(path).split('\n').length).toBeGreaterThan(2);
    for (const sql of [
      `select 1 as one; copy (select 1) to 'out.csv'`,
      "select content from read_text('/etc/passwd')",
    ]) {
      const home = homeWith({ '.config/clawtrace/reports/mine.sql': `-- Mine.\n${sql}\n` });
      const { code } = await clawtrace(['export', 'mine', '-o', 'mine.csv'], { home, cwd: folder });
      expect([code, existsSync(join(folder, 'mine.csv')), existsSync(join(folder, 'out.csv'))]).toEqual([
        1,
        false,
        false,
      ]);
    }
  });

  it('SQL from a file, with a comment and a semicolon, in its own order', async () => {
    const folder = temporaryFolder();
    writeFile(join(folder, 'q.sql'), '-- down\nselect i from range(3) as r (i) order by i desc;\n');
    const { code, stderr } = await clawtrace(['export', '--file', 'q.sql', '-o', 'q.csv'], { cwd: folder });
    expect([code, text(join(folder, 'q.csv'))], stderr).toEqual([0, 'i\n2\n1\n0\n']);
  });

  it('DESCRIBE and its like, but no plan', async () => {
    const described = await exported(['describe select 1 as one; -- done'], 'described.csv');
    expect(text(described.path)).toBe('column_name,column_type,null,key,default,extra\none,INTEGER,YES,,,\n');
    const summary = await exported(['summarize select 1 as one'], 'summary.arrow');
    expect(tableFromIPC(readFileSync(summary.path)).numRows).toBe(1);
  });

  it('focus: its costs add up to ours, and each is its quantity times its price', async () => {
    const { path } = await exported(['focus', '--demo'], 'focus.csv');
    const [head, ...lines] = text(path).trim().split('\n').map(fields);
    const column = (name: string): string[] => lines.map((line) => line[head!.indexOf(name)]!);
    const units = (decimals: number, value: string): bigint => {
      const [whole, fraction = ''] = value.split('.');
      return BigInt(whole + fraction.padEnd(decimals, '0'));
    };
    const { rows } = await ask([
      'query',
      '--demo',
      'select sum(cost)::varchar as cost, sum(total_tokens)::varchar as tokens from usage',
    ]);
    const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    const costs = column('ListCost').map((cost) => (cost === '' ? 0n : units(12, cost)));
    expect(sum(costs)).toBe(units(12, rows[0]!.cost));
    const tokens = column('ConsumedQuantity').filter((_, index) => column('ConsumedUnit')[index] === 'Tokens');
    expect(sum(tokens.map(BigInt))).toBe(BigInt(rows[0]!.tokens));
    lines.forEach((_, index) => {
      const [price, quantity] = [column('ListUnitPrice')[index]!, column('PricingQuantity')[index]!];
      // 9 decimals times 6 are 15, three more than the cost has
      if (price !== '') expect(units(9, price) * units(6, quantity)).toBe(costs[index]! * 1000n);
    });
    expect(new Set(column('BilledCost'))).toEqual(new Set(['0.000000000000']));
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing', [], 'export needs WHAT'],
    ['no file', ['usage'], 'export needs -o FILE, such as -o usage.parquet'],
    ['an ending that is none', ['usage', '-o', 'usage.txt'], 'must end in one of .parquet, .csv'],
    ['a folder without keys', ['usage', '-o', 'usage'], 'a folder needs --partition-by'],
    ['a file with keys', ['usage', '-o', 'a.parquet', '--partition-by', 'source'], '-o must name a folder'],
    ['a folder that is not there', ['usage', '-o', 'no/usage.csv'], 'there is no folder'],
    ['a name that is none', ['usgae', '-o', 'a.csv'], "there is no report or view 'usgae'. Did you mean 'usage'?"],
    ['a surplus argument', ['daily', 'now', '-o', 'a.csv'], "'now' is an unexpected argument"],
    ['--excel for Parquet', ['daily', '-o', 'a.parquet', '--excel'], '--excel is only for .csv files'],
    ['a macro', ['usage_by', '-o', 'a.csv'], 'usage_by(group_key) is not a view: export one SELECT that passes its arguments'],
    ['a plan', ['explain select 1', '-o', 'a.csv'], 'export takes one SELECT, not EXPLAIN'],
    ['a file that is a folder', ['--file', '.', '-o', 'a.csv'], '.: cannot be read (EISDIR).'],
    ['SQL that writes', ['drop view usage', '-o', 'a.csv'], 'one SELECT'],
    ['SQL that fails', ["select error('no')", '-o', 'a.csv'], 'no'],
    ['a key that is none', ['usage', '-o', 'a', '--partition-by', 'moon'], "the rows have no column 'moon'. Known: month, "],
    ['an engine that is none', ['engine'], "there is no report or view 'engine'"],
  ]; // prettier-ignore
  it.each(wrong)('%s: one line, and no file', async (_, args, message) => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await clawtrace(['export', ...args], { cwd: folder });
    expect(stderr.split('\n').filter((line) => line.startsWith('clawtrace: '))).toEqual([
      expect.stringContaining(message),
    ]);
    expect([code, stdout, readdirSync(folder)]).toEqual([1, '', []]);
  });
});

describe('a file is whole or the old one', () => {
  /** Enough rows to be interrupted on the way. */
  const SLOW = `select i, md5(i::varchar) as text from range(4000000) as r (i)`;

  it('a query that fails half way leaves the old file, in every format', async () => {
    const folder = temporaryFolder();
    const sql = `select if(i = 400000, error('half way'), 'x' || i) as x from range(500000) as r (i)`;
    for (const ending of ['parquet', 'csv', 'jsonl', 'arrow', 'arrows', 'xlsx']) {
      writeFile(join(folder, `a.${ending}`), 'old');
      const { code, stderr } = await clawtrace(['export', sql, '-o', `a.${ending}`], { cwd: folder });
      expect([code, text(join(folder, `a.${ending}`))]).toEqual([1, 'old']);
      expect(stderr).toContain('half way');
    }
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it.skipIf(process.platform === 'win32').each([
    ['SIGINT', 'parquet'],
    ['SIGINT', 'arrow'],
    ['SIGTERM', 'parquet'],
    ['SIGHUP', 'csv'],
    ['SIGKILL', 'parquet'],
    ['SIGKILL', 'csv'],
  ] as const)(
    '%s in the middle of .%s leaves the old file, and at the latest the next run cleans up',
    async (signal, ending) => {
      const folder = temporaryFolder();
      const temporary = temporaryFolder();
      const target = join(folder, `a.${ending}`);
      writeFile(target, 'old');
      expect(await killed(['export', SLOW, '-o', target], signal, folder, temporary)).toBe(signal);
      expect(text(target)).toBe('old');
      const left = [...readdirSync(folder), ...readdirSync(temporary)].filter((name) => name !== basename(target));
      expect(left.length > 0).toBe(signal === 'SIGKILL');
      const run = await spawnClawtrace(['export', 'select 1 as a', '-o', target], { env: { TMPDIR: temporary } });
      expect(run.code, run.stderr).toBe(0);
      expect([readdirSync(folder), readdirSync(temporary)]).toEqual([[basename(target)], []]);
    },
  );

  it('what another run is writing stays, and what is not ours', async () => {
    const folder = temporaryFolder();
    const others = [
      `.a.csv.000000-1.clawtrace`,
      `.b.csv.${'0'.repeat(6)}-1.clawtrace`,
      'a.csv.clawtrace',
      '.a.csv.tmp',
    ];
    for (const name of others) writeFile(join(folder, name), 'not yours');
    await clawtrace(['export', 'select 1 as a', '-o', join(folder, 'a.csv')]);
    expect(readdirSync(folder).sort()).toEqual([...others, 'a.csv'].sort());
  });

  it.skipIf(process.platform === 'win32')(
    'a new file is private, an old one keeps its mode and a link its place',
    async () => {
      const folder = temporaryFolder();
      const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777;
      await clawtrace(['export', 'select 1 as a', '-o', 'a.csv'], { cwd: folder });
      expect(mode('a.csv')).toBe(0o600);
      chmodSync(join(folder, 'a.csv'), 0o644);
      symlinkSync('a.csv', join(folder, 'link.csv'));
      await clawtrace(['export', 'select 2 as a', '-o', 'link.csv'], { cwd: folder });
      expect([mode('a.csv'), text(join(folder, 'a.csv'))]).toEqual([0o644, 'a\n2\n']);
    },
  );
});

describe('what is in the way', () => {
  it.skipIf(process.platform === 'win32')('a link to what is not there yet is written through', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'below'));
    symlinkSync('below/second.csv', join(folder, 'first.csv'));
    symlinkSync('../new.csv', join(folder, 'below/second.csv'));
    await clawtrace(['export', 'select 1 as a', '-o', 'first.csv'], { cwd: folder });
    expect([text(join(folder, 'new.csv')), lstatSync(join(folder, 'first.csv')).isSymbolicLink()]).toEqual([
      'a\n1\n',
      true,
    ]);
  });

  it.skipIf(process.platform === 'win32')('what the system refuses is told in one line', async () => {
    const folder = temporaryFolder();
    symlinkSync('loop.csv', join(folder, 'loop.csv'));
    for (const [args, code] of [
      [['-o', 'loop.csv'], 'ELOOP'],
      [['-o', `${'long'.repeat(100)}.csv`], 'ENAMETOOLONG'],
      [['-o', `${'long'.repeat(100)}`, '--partition-by', 'a'], 'ENAMETOOLONG'],
    ] as const) {
      const run = await clawtrace(['export', 'select 1 as a, 2 as b', ...args], { cwd: folder });
      expect([run.code, run.stderr.trim()]).toEqual([1, expect.stringMatching(new RegExp(`^clawtrace: ${code}: .+$`))]);
    }
    expect(readdirSync(folder)).toEqual(['loop.csv']);
  });

  it('a log is never replaced, whether it is read or not', async () => {
    const home = homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })] });
    const log = join(home, claudePath('s1'));
    const before = text(log);
    for (const what of [['usage'], ['prices'], ['select 1 as a'], ['usage', '--demo']]) {
      const { code, stderr } = await clawtrace(['export', ...what, '-o', log], { home });
      expect([code, stderr]).toEqual([1, expect.stringContaining('is a log of an agent. Name another file.')]);
    }
    expect([text(log), readdirSync(dirname(log))]).toEqual([before, [basename(log)]]);
  });

  it('nor is what clawtrace keeps, whatever it is called, and nothing is added to it', async () => {
    const home = homeWith({
      [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })],
      'elsewhere/log.jsonl': [claudeLine({ usage: { input: 1 } })],
      '.config/clawtrace/prices.csv': 'provider,model,input,output\n',
      '.config/clawtrace/reports/mine.sql': '-- Mine.\nselect 1 as one\n',
      'free/old.csv': 'old',
      'settings.toml': 'timezone = "UTC"\n',
    });
    const archived = await clawtrace(['archive', '--archive', join(home, 'kept')], { home });
    expect(archived.code, archived.stderr).toBe(0);
    const machine = join(home, 'kept', readdirSync(join(home, 'kept'))[0]!);
    const month = join(machine, 'month=2026-04');
    const part = join(month, readdirSync(month)[0]!);
    if (process.platform !== 'win32') symlinkSync(month, join(home, 'free/link'));
    linkSync(join(home, '.config/clawtrace/prices.csv'), join(home, 'free/prices.csv'));
    chmodSync(join(home, 'free/old.csv'), 0o444);
    const everything = (): string[] =>
      readdirSync(home, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(home, name)).isFile())
        .sort()
        .map((name) => `${name} ${readFileSync(join(home, name), 'base64')}`);
    const before = everything();
    const inHome = (path: string): string => join(home, path);
    for (const [target, why, ...more] of [
      [inHome('.claude/projects/new.csv'), "the folder of an agent's logs"],
      [inHome('.openclaw/agents/main/new.csv'), "the folder of an agent's logs"],
      [inHome('elsewhere/log.jsonl'), 'is a log of an agent', '--logs', inHome('elsewhere')],
      [part, 'is in the archive'],
      [join(machine, 'manifest.jsonl'), 'is in the archive'],
      [join(month, 'new/new.parquet'), 'is in the archive'],
      [inHome('.config/clawtrace/prices.csv'), 'the folder of your configuration'],
      [inHome('.config/clawtrace/reports/mine.csv'), 'the folder of your configuration'],
      [inHome('.local/share/clawtrace/alerts.jsonl'), "the folder of clawtrace's archive"],
      [inHome('.local/state/clawtrace/new.csv'), 'the folder of your query history'],
      [inHome('free/prices.csv'), 'is the same file as'],
      [inHome('free/old.csv'), 'is read-only'],
      ...(process.platform === 'win32' ? [] : [[inHome('free/link/new.csv'), 'is in the archive']]),
    ] as const) {
      const { code, stderr } = await clawtrace(['export', 'select 1 as a', '-o', target!, ...more], { home });
      expect([code, stderr], target).toEqual([1, expect.stringContaining(why!)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    const page = await clawtrace(['dashboard', '-o', inHome('settings.toml'), '--config', inHome('settings.toml')], {
      home,
    });
    expect([page.code, page.stderr]).toEqual([1, expect.stringContaining('settings.toml is the config file.')]);
    expect(everything()).toEqual(before);
  });
});

describe('--partition-by', () => {
  /** One response each: at the turn of a UTC month, in a zone where the month is another. */
  const home = (): string =>
    homeWith({
      [claudePath('s1')]: [
        claudeLine({
          usage: { input: 1 },
          timestamp: '2026-03-31T23:30:00.000Z',
          requestId: 'r1',
          message: { id: 'm1' },
        }),
        claudeLine({
          usage: { input: 2 },
          timestamp: '2026-04-01T00:30:00.000Z',
          requestId: 'r2',
          message: { id: 'm2' },
        }),
      ],
    });
  const tree = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => name.replaceAll('\\', '/'))
      .sort();

  it('writes Hive folders by the UTC month, and takes its own old files away', async () => {
    const folder = join(temporaryFolder(), 'usage');
    const there = { home: home() };
    const args = ['export', 'usage', '--partition-by', 'month,source', '-o', folder];
    const { code, stderr } = await clawtrace([...args, '-z', 'Europe/Berlin'], there);
    expect([code, stderr], stderr).toEqual([0, expect.stringMatching(/usage: 2 rows in 2 files, [\d,]+ bytes\.\n$/)]);
    const [march, april] = [
      'month=2026-03/source=claude_code/data.parquet',
      'month=2026-04/source=claude_code/data.parquet',
    ];
    expect(tree(folder)).toEqual(['_clawtrace.json', march, april]);
    const { rows } = await readParquet(join(folder, march!));
    expect(rows.map((row) => row.input_tokens)).toEqual([1n]);
    expect(Object.keys(rows[0]!)).not.toContain('source');
    writeFile(join(folder, 'README.md'), 'mine');
    writeFile(join(folder, 'month=2026-03/notes.txt'), 'mine');
    await clawtrace([...args, '--since', '2026-04-01'], there);
    expect(tree(folder)).toEqual(['README.md', '_clawtrace.json', 'month=2026-03/notes.txt', april]);
    const mode = statSync(join(folder, april!)).mode & 0o777;
    if (process.platform !== 'win32') expect(mode).toBe(0o600);
  });

  it('writes values of any kind into names that any disk takes, and that readers take back', async () => {
    const folder = join(temporaryFolder(), 'values');
    const sql = `select * from (values (1, '/src/app'), (2, null), (3, 'a b*?:"%'), (4, '..'), (5, 'ü')) as t (id, project)`;
    const { code, stderr } = await clawtrace(['export', sql, '--partition-by', 'project', '-o', folder]);
    expect(code, stderr).toBe(0);
    const names = readdirSync(folder).filter((name) => name.startsWith('project='));
    expect(names.sort()).toEqual([
      'project=%2E%2E', 'project=%2Fsrc%2Fapp', 'project=%C3%BC', 'project=__HIVE_DEFAULT_PARTITION__', 'project=a%20b%2A%3F%3A%22%25',
    ]); // prettier-ignore
    const { rows } = await ask([
      'query',
      '--write',
      `select id, project from read_parquet('${folder.replaceAll('\\', '/')}/**/*.parquet', hive_partitioning = true) order by id`,
      '--write',
    ]);
    expect(rows.map((row) => row.project)).toEqual(['/src/app', null, 'a b*?:"%', '..', 'ü']);
  });

  it('takes a value with a NUL, and refuses one that is too long for a name', async () => {
    const folder = join(temporaryFolder(), 'values');
    const sql = `select * from (values (1, 'a' || chr(0)), (2, 'a')) as t (id, k)`;
    const { code, stderr } = await clawtrace(['export', sql, '--partition-by', 'k', '-o', folder]);
    expect(code, stderr).toBe(0);
    expect(tree(folder)).toEqual(['_clawtrace.json', 'k=a%00/data.parquet', 'k=a/data.parquet']);
    const long = [`select 1 as id, repeat('a', 254) as k`, '--partition-by', 'k', '-o', join(folder, 'new')];
    const refused = await clawtrace(['export', ...long]);
    expect([refused.code, refused.stderr.trim()]).toEqual([
      1,
      `clawtrace: --partition-by: the k '${'a'.repeat(40)}…' is too long for the name of a folder. Use another key.`,
    ]);
    expect(tree(folder)).toHaveLength(3);
  });

  it.skipIf(process.platform === 'win32')('writes into no archive and no log folder, linked or not', async () => {
    const home = homeWith({ [claudePath('s1')]: [claudeLine({ usage: { input: 1 } })] });
    await clawtrace(['archive', '--archive', join(home, 'kept')], { home });
    const machine = join(home, 'kept', readdirSync(join(home, 'kept'))[0]!);
    mkdirSync(join(home, 'out'));
    symlinkSync(join(home, '.claude/projects'), join(home, 'out/k=a'));
    const before = tree(home);
    for (const [folder, why] of [
      [machine, 'is in the archive'],
      [join(machine, 'month=2026-04'), 'is in the archive'],
      [join(home, '.claude/projects/new'), "the folder of an agent's logs"],
      [join(home, 'out'), "the folder of an agent's logs"],
    ] as const) {
      const sql = `select 1 as id, 'a' as k`;
      const { code, stderr } = await clawtrace(['export', sql, '--partition-by', 'k', '-o', folder], { home });
      expect([code, stderr], folder).toEqual([1, expect.stringContaining(why)]);
    }
    expect(tree(home)).toEqual(before);
  });

  it('lets SQL read no more than a query may', async () => {
    const secret = join(temporaryFolder(), 'secret.txt');
    writeFile(secret, 'mine');
    // what is beside the file that is written, or in the folder, is the user's
    for (const where of [
      ['-o', join(dirname(secret), 'x.csv')],
      ['-o', join(dirname(secret), 'x.arrow')],
      ['--partition-by', 'size', '-o', dirname(secret)],
    ]) {
      const { code, stderr } = await clawtrace([
        'export',
        `select size, content from read_text('${secret}')`,
        ...where,
      ]);
      expect([code, stderr]).toEqual([1, expect.stringContaining('may not read')]);
    }
  });

  it('takes columns of any name', async () => {
    const folder = join(temporaryFolder(), 'keys');
    const sql = `select i as partition_key_0, 'x' as key, i as "key 0" from range(2) as r (i)`;
    const { code, stderr } = await clawtrace(['export', sql, '--partition-by', 'key', '-o', folder]);
    expect(code, stderr).toBe(0);
    const { rows } = await readParquet(join(folder, 'key=x/data.parquet'));
    expect(rows).toEqual([0n, 1n].map((i) => ({ partition_key_0: i, 'key 0': i })));
  });

  it('refuses a folder with data that is not from an export, and one that is written right now', async () => {
    const folder = temporaryFolder();
    const args = ['export', 'usage', '--partition-by', 'source', '-o', folder];
    writeFile(join(folder, 'source=x/other.parquet'), 'mine');
    const foreign = await clawtrace(args, { home: home() });
    expect([foreign.code, foreign.stderr]).toEqual([1, expect.stringContaining('other.parquet is not from an export')]);
    expect(tree(folder)).toEqual(['source=x/other.parquet']);
    const busy = temporaryFolder();
    mkdirSync(join(busy, `.export.00000000-1-1.clawtrace`));
    const running = await clawtrace([...args.slice(0, -1), busy], { home: home() });
    expect([running.code, running.stderr]).toEqual([1, expect.stringContaining('another export to')]);
  });

  it('a manifest cannot point outside its folder', async () => {
    const outer = temporaryFolder();
    writeFile(join(outer, 'precious/data.parquet'), 'mine');
    writeFile(
      join(outer, 'usage/_clawtrace.json'),
      JSON.stringify({ files: ['../precious/data.parquet', 'a=../../precious/data.parquet'] }),
    );
    await clawtrace(['export', 'usage', '--partition-by', 'source', '-o', join(outer, 'usage')], { home: home() });
    expect(text(join(outer, 'precious/data.parquet'))).toBe('mine');
  });

  it.skipIf(process.platform === 'win32')(
    'a killed run leaves the old files whole; the next one finishes the work',
    async () => {
      const folder = join(temporaryFolder(), 'rows');
      const temporary = temporaryFolder();
      const rows = (count: number, more = ''): string =>
        `select i, 'k' || (i % 7) as k${more} from range(${count}) as r (i)`;
      const args = (sql: string): string[] => ['export', sql, '--partition-by', 'k', '-o', folder];
      await spawnClawtrace(args(rows(70)), { env: { TMPDIR: temporary } });
      const before = tree(folder).map((name) => readFileSync(join(folder, name), 'base64'));
      expect(await killed(args(rows(30_000_000, ', md5(i::varchar) as text')), 'SIGKILL', folder, temporary)).toBe(
        'SIGKILL',
      );
      expect(tree(folder).filter((name) => !name.startsWith('.')).map((name) => readFileSync(join(folder, name), 'base64'))).toEqual(before); // prettier-ignore
      await spawnClawtrace(args(rows(3)), { env: { TMPDIR: temporary } });
      expect(tree(folder)).toEqual(['_clawtrace.json', 'k=k0/data.parquet', 'k=k1/data.parquet', 'k=k2/data.parquet']);
      expect([readdirSync(temporary), readdirSync(dirname(folder))]).toEqual([[], ['rows']]);
    },
  );
});

/** Starts an export and kills it as soon as there is something in its temporary file; returns what ended it. */
function killed(
  args: readonly string[],
  signal: NodeJS.Signals,
  folder: string,
  temporary: string,
): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary, TZ: 'UTC', CI: '1' },
  });
  const watcher = watch(folder, (_, name) => {
    if (!name?.endsWith('.clawtrace') || !statSync(join(folder, name), { throwIfNoEntry: false })?.size) return;
    watcher.close();
    child.kill(signal);
  });
  onTestFinished(() => watcher.close());
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (_, endedBy) => done(endedBy));
  });
}

/** The whole number behind Arrow's four words. */
function decimal(words: Uint32Array): bigint {
  const value = [...words].reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, value);
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",]*))(?:,|$)/g)].map(
    (match) => match[1]?.replaceAll('""', '"') ?? match[2]!,
  );
}

/** The parts of a zip file, by the directory at its end. */
function unzip(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const parts = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [size, nameLength, extra, comment, start] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]; // prettier-ignore
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const content = bytes.subarray(data, data + size);
    parts.set(name, (bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content).toString('utf8'));
    at += 46 + nameLength + extra + comment;
  }
  return parts;
}

/** Type and value of each cell, as the sheet's XML has them. */
function cellsOf(sheet: string): Map<string, { type: string | undefined; value: string }> {
  const cells = [...sheet.matchAll(/<c r="([A-Z]+\d+)"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)];
  return new Map(
    cells.map(([, name, attributes, content = '']) => [
      name!,
      {
        type: / t="(\w+)"/.exec(attributes!)?.[1],
        value: content.replace(/^(<is><t[^>]*>|<v>)/, '').replace(/(<\/t><\/is>|<\/v>)$/, ''),
      },
    ]),
  );
}
