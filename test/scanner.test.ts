import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DuckDBInstance } from '../src/database/duckdb.ts';
import { keysOf, type Keys } from '../src/scanner/keys.ts';
import { scanHere, scanLogs } from '../src/scanner/scan-logs.ts';
import { claudeLine, temporaryFolder } from './helpers.ts';

const KEYS = keysOf(
  [
    {
      uuid: 'varchar',
      cwd: 'varchar',
      message: 'struct(id varchar, usage struct("input" bigint), content struct(name varchar)[])',
    },
    { _line: 'bigint', message: 'struct(id varchar, iterations varchar)' },
  ],
  ['message.usage'],
);

interface Found {
  readonly lines: readonly Record<string, any>[];
  readonly outcomes: readonly (readonly [line: number, outcome: string])[];
}

/** What the scanner hands over of a log, and what it says of damaged lines. */
async function scanned(log: string | Buffer, keys: Keys = KEYS, keepsAll = false): Promise<Found> {
  const folder = temporaryFolder();
  const read_path = join(folder, 'log.jsonl');
  writeFileSync(read_path, log);
  const jobs = [{ source: 's', file_index: 7, read_path, bytes: log.length }];
  const { outputs, files } = await scanHere(
    { jobs, keys: { s: keys }, keepsAll, folder, prefix: 'out-' },
    () => undefined,
  );
  const text = readFileSync(outputs[0]!.path, 'utf8');
  return {
    lines: text
      .split('\n')
      .flatMap((line) => (line ? [JSON.parse(line)] : []))
      .sort((a, b) => a._line - b._line),
    outcomes: files[0]!.outcomes.map(({ line_number, outcome }) => [line_number, outcome]),
  };
}

describe('a line that is handed over', () => {
  it('has its file, its number and the keys that are read, and nothing else', async () => {
    const line = {
      uuid: 'u',
      said: { message: { id: 'no' } },
      message: { id: 'm', usage: { input: 1, other: 2 }, content: [{ name: 'Bash', input: 'rm' }, 'text', 3] },
    };
    expect((await scanned(`{}\n\n${JSON.stringify(line)}\n`)).lines).toEqual([
      {
        _file: 7,
        _line: 3,
        uuid: 'u',
        message: { id: 'm', usage: { input: 1 }, content: [{ name: 'Bash' }, null, null] },
      },
    ]);
  });

  it('has a key that matters, unless all lines are asked for', async () => {
    const log = '{"uuid":"a"}\n{"uuid":"b","message":{"usage":null}}\n{"message":"usage"}\n';
    expect((await scanned(log)).lines.map(({ uuid }) => uuid)).toEqual(['b']);
    expect((await scanned(log, KEYS, true)).lines).toHaveLength(3);
  });

  it('has NULL where an object is expected and something else stands', async () => {
    const log = '{"uuid":"a","message":{"usage":7,"content":"secret"}}\n';
    expect((await scanned(log)).lines).toEqual([
      { _file: 7, _line: 1, uuid: 'a', message: { usage: null, content: null } },
    ]);
  });
});

const values = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
const record = fc.record(
  {
    uuid: values,
    cwd: values,
    other: values,
    message: fc.oneof(
      values,
      fc.record({ id: values, usage: values, iterations: values, content: values, more: values }),
    ),
  },
  { requiredKeys: [] },
);

it('takes the last of two members with one name, as JSON.parse does', async () => {
  const log = '{"uuid":"a","message":{"id":1},"uuid":"b","message":{"id":"m","usage":{}}}\n';
  const { lines, outcomes } = await scanned(log);
  expect([lines, outcomes]).toEqual([[{ _file: 7, _line: 1, uuid: 'b', message: { id: 'm', usage: {} } }], []]);
});

describe('any JSON', () => {
  it('is handed over as JSON.parse reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 5 }),
        fc.constantFrom(undefined, ' ', '\t'),
        async (records, blanks) => {
          const log = records.map((each) => `${JSON.stringify(each, null, blanks).replaceAll('\n', ' ')}\n`).join('');
          const { lines, outcomes } = await scanned(log, keysOf([{ uuid: 'varchar', cwd: 'varchar' }], []), true);
          const whole = records.map(({ uuid, cwd }, index) => ({ _file: 7, _line: index + 1, uuid, cwd }));
          expect(lines).toEqual(JSON.parse(JSON.stringify(whole)));
          expect(outcomes).toEqual([]);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

it('is named where a value that is read is longer than 1 MiB', async () => {
  const line = (cwd: string): string => JSON.stringify({ uuid: cwd.length, cwd, message: { usage: {} } });
  const log = `${line('a')}\n${line('x'.repeat(1_100_000))}\n${line('b'.repeat(500_000))}\n`;
  const { lines, outcomes } = await scanned(log);
  expect([lines.map(({ uuid }) => uuid), outcomes]).toEqual([[1, 500_000], [[2, 'damaged']]]);
});

/** Values as they may be logged, and texts that are no JSON, or more than DuckDB takes. */
const token = fc.oneof(
  values.map((value) => JSON.stringify(value)),
  fc.constantFrom('1e999', '-1e400', '1'.repeat(400), '1e-400', '18446744073709551616', '01', '1.', '+1', 'NaN', 'nul'),
  fc.constantFrom('"\\ud800"', '"\\u0000"', '"\\x"', '"\u0001"', '[1,]', '{"a":1,}', '{"z":1,"z":2}', "'a'"),
);
const COLUMNS = { a: 'bigint', b: 'varchar', c: 'timestamptz', d: 'struct(x double, y struct(z varchar)[])' };

it('hands over no line that DuckDB refuses', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const folder = temporaryFolder();
  const record = fc.record({ a: token, b: token, c: token, x: token, y: token });
  const columns = Object.entries({ _file: 'ubigint', ...COLUMNS }).map(([name, type]) => `${name}: '${type}'`);
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (records) => {
      const read_path = join(folder, 'log.jsonl');
      const text = records.map(({ a, b, c, x, y }) => `{"a":${a},"b":${b},"c":${c},"d":{"x":${x},"y":${y}}}\n`);
      writeFileSync(read_path, text.join(''));
      const jobs = [{ source: 's', file_index: 7, read_path, bytes: 1 }];
      const scan = { jobs, keys: { s: keysOf([COLUMNS], []) }, keepsAll: true, folder, prefix: 'out-' };
      const { outputs } = await scanHere(scan, () => undefined);
      const lines = readFileSync(outputs[0]!.path, 'utf8');
      if (lines === '') return;
      const reader = await connection.runAndReadAll(
        `select count(_file)::integer as taken from read_json('${outputs[0]!.path}', format = 'newline_delimited',
          ignore_errors = true, columns = {${columns.join(', ')}})`,
      );
      expect(reader.getRowObjectsJson()[0]!.taken, lines).toBe(lines.split('\n').length - 1);
    }),
    { seed: 3, numRuns: 150 },
  );
  connection.closeSync();
});

const CLAUDE = claudeLine({
  requestId: 'broken',
  message: { id: 'broken', content: [{ type: 'text', text: 'a "quoted" {brace} and a \\ \n' }] },
  usage: { input: 3, output: 4, write5m: 5 },
});
const OPENCLAW = {
  type: 'message',
  id: 'broken',
  timestamp: '2026-04-01T10:00:00Z',
  message: {
    role: 'assistant',
    content: [{ type: 'text', text: '}{"' }],
    model: 'm',
    usage: { input: 1, cost: { total: 0.5 } },
  },
};
const ALL = keysOf(
  [
    {
      id: 'varchar',
      requestId: 'varchar',
      message: 'struct(id varchar, usage struct(input_tokens bigint, "input" bigint))',
    },
  ],
  ['message.usage'],
);
const idOf = ({ id, requestId }: Record<string, any>): string => requestId ?? id;

describe.each([
  ['Claude Code', CLAUDE],
  ['OpenClaw', OPENCLAW],
])('a line of %s', (_, line) => {
  const text = JSON.stringify(line);
  const neighbour = (id: string): string => text.replaceAll('broken', id);
  const places = Array.from({ length: text.length - 1 }, (__, index) => index + 1);

  it('that breaks off anywhere costs no other line, and is named', async () => {
    for (const place of places) {
      const { lines, outcomes } = await scanned(`${neighbour('a')}\n${text.slice(0, place)}\n${neighbour('b')}\n`, ALL);
      expect(lines.map(idOf), text.slice(0, place)).toEqual(['a', 'b']);
      expect(outcomes, text.slice(0, place)).toEqual([[2, 'damaged']]);
    }
  });

  it('that is split in two anywhere costs no other line, and is put together or named', async () => {
    for (const place of places) {
      const log = `${neighbour('a')}\n${text.slice(0, place)}\n${text.slice(place)}\n${neighbour('b')}\n`;
      const { lines, outcomes } = await scanned(log, ALL);
      const isTogether = lines.length === 3;
      expect(lines.map(idOf), log).toEqual(isTogether ? ['a', 'broken', 'b'] : ['a', 'b']);
      expect(outcomes.map(([, outcome]) => outcome).includes('damaged'), log).toBe(!isTogether);
    }
  });

  it('whose end is lost, with the newline, costs no other line that is whole', async () => {
    for (const place of places) {
      const log = `${text.slice(0, place)}${neighbour('a')}\n${neighbour('b')}\n`;
      const { lines, outcomes } = await scanned(log, ALL);
      expect(lines.map(idOf).at(-1), log).toBe('b');
      expect(outcomes, log).toEqual([[1, 'damaged']]);
    }
  });
});

it('gives the same in several threads', async () => {
  const folder = temporaryFolder();
  const jobs = Array.from({ length: 5 }, (_, index) => {
    const read_path = join(folder, `${index}.jsonl`);
    writeFileSync(read_path, `${JSON.stringify({ uuid: String(index), message: { usage: {} } })}\n{"cut\n`);
    // what they say of their size decides how many threads there are
    return { source: 's', file_index: index, read_path, bytes: 100e6 };
  });
  const shares: number[] = [];
  const { outputs, files } = await scanLogs(
    { jobs, keys: { s: KEYS }, keepsAll: false, folder, prefix: 'x-' },
    (share) => shares.push(share),
    3,
  );
  expect(shares).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  expect(outputs).toHaveLength(3);
  const lines = outputs.flatMap(({ path }) => readFileSync(path, 'utf8').trim().split('\n'));
  expect(lines.map((line) => JSON.parse(line)._file).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(files.map(({ outcomes }) => outcomes.length)).toEqual([1, 1, 1, 1, 1]);
});
