import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../src/package.ts';
import { ask, clawtrace, temporaryFolder } from './helpers.ts';

// ClickHouse has a test of its own: npm run test:engine runs the statements in ClickHouse itself.
const ENGINES = ['clickhouse', 'motherduck', 'spark', 'trino'];

describe('engine', () => {
  it.each(ENGINES)('%s: prints statements with every value filled in', async (name) => {
    const { code, stdout } = await clawtrace(['engine', name, '--at', "s3://bucket/it's/", '-z', 'Europe/Berlin']);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/\{\{|\}\}/);
    expect(stdout).toContain('Europe/Berlin');
    expect(stdout).toContain(['clickhouse', 'spark'].includes(name) ? "s3://bucket/it\\'s" : "s3://bucket/it''s");
    for (const report of ['daily', 'models', 'projects', 'sessions'])
      expect(stdout).toMatch(new RegExp(`^-- ${report}`, 'm'));
  });

  it('motherduck: a DuckDB of its own answers as ours does', async () => {
    const at = join(temporaryFolder(), 'usage');
    await clawtrace(['export', 'usage', '--demo', '--partition-by', 'month,source', '-o', at]);
    const { stdout } = await clawtrace(['engine', 'motherduck', '--at', at, '-z', 'Asia/Kolkata']);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const answers = new Map<string, Record<string, unknown>[]>();
    for (const statement of stdout.split(/;\n/).filter((text) => text.trim())) {
      const name = /^\s*-- (\w+)/.exec(statement)![1]!;
      answers.set(name, (await connection.runAndReadAll(statement)).getRowObjectsJson());
    }
    for (const [report, key] of [
      ['daily', 'day'],
      ['models', 'model'],
      ['projects', 'project'],
      ['sessions', 'session_id'],
    ] as const) {
      const { rows } = await ask([report, '--demo', '-z', 'Asia/Kolkata']);
      const figures = (row: Record<string, unknown>): unknown[] => [
        row.project_path ?? row[key],
        ...['responses', 'input_tokens', 'cache_write_tokens', 'total_tokens', 'unpriced_responses'].map((name) =>
          Number(row[name]),
        ),
        row.cost === null ? null : Number(row.cost),
      ];
      expect(answers.get(report)!.map(figures), report).toEqual(rows.map(figures));
    }
  });

  it('trino: its table has the columns of the files, in any order but with their types', async () => {
    const { columns } = await ask(['query', '--demo', 'select * from usage limit 0']);
    const type = (text: string): string =>
      text
        .toLowerCase()
        .replaceAll(/, ?/g, ', ')
        .replace('timestamp with time zone', 'timestamp')
        .replace('struct', 'row');
    const wanted = columns.map((column: { name: string; type: string }) => `${column.name} ${type(column.type)}`);
    const table = /create table clawtrace\.usage_files \(\n([\s\S]*?)\n\) with/.exec(
      readFileSync(packagePath('sql/engines/trino.sql'), 'utf8'),
    )![1]!;
    const listed = table.split('\n').map((line) => line.trim().replace(/,$/, ''));
    // month comes from the names of the folders, as source does
    expect(listed.sort()).toEqual([...wanted, 'month varchar'].sort());
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['no engine', [], 'engine needs ENGINE'],
    ['an engine that is none', ['clickhuose', '--at', 'x'], "there is no engine 'clickhuose'. Did you mean 'clickhouse'? Known: "],
    ['no place', ['spark'], 'engine needs --at'],
  ]; // prettier-ignore
  it.each(wrong)('%s: one line', async (_, args, message) => {
    const { code, stdout, stderr } = await clawtrace(['engine', ...args]);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(message)]);
  });
});
