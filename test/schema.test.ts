import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog/catalog.ts';
import { DuckDBInstance } from '../src/database/duckdb.ts';
import { ask, claudeLine, claudePath, clawtrace, homeWith } from './helpers.ts';

describe('schema', () => {
  it('tells the columns of a view, their types, units and meaning', async () => {
    const { rows } = await ask(['schema', 'usage']);
    expect(rows.find((row) => row.column === 'cache_read_tokens')).toEqual({
      column: 'cache_read_tokens',
      type: 'BIGINT',
      unit: 'tokens',
      description: 'Input read from the cache.',
    });
    expect(rows.every((row) => row.description)).toBe(true);
    const { stdout } = await clawtrace(['schema', 'sessions']);
    expect(stdout).toMatch(/started_at +TIMESTAMP WITH TIME ZONE +Time of its first response\./);
  });

  it('lists every view, and below it the columns that the view has', async () => {
    const { rows } = await ask(['schema']);
    const views = rows.filter((row) => row.column === null);
    expect(views.map((row) => row.view)).toEqual((await readCatalog()).views.map(({ name }) => name));
    expect(views.find((row) => row.view === 'usage_by')).toMatchObject({ type: 'macro(group_key)' });
    expect(rows.filter((row) => row.view === 'usage')).toHaveLength((await ask(['schema', 'usage'])).rows.length + 1);
  });

  it('reads no log', async () => {
    const home = homeWith({ [claudePath('s1')]: '{"type": broken\n' });
    const { code, stderr } = await clawtrace(['schema', '--format', 'csv'], { home });
    expect([code, stderr]).toEqual([0, '']);
  });

  it('knows a name that is nearly one', async () => {
    const { code, stderr } = await clawtrace(['schema', 'usgae']);
    expect([code, stderr.trim()]).toEqual([
      1,
      "clawtrace: there is no view 'usgae'. Did you mean 'usage'? 'clawtrace schema' lists them.",
    ]);
  });
});

describe('init-sql', () => {
  async function run(script: string, sql: string, times = 1): Promise<unknown[][]> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (let time = 0; time < times; time++) await connection.run(script);
    return (await connection.runAndReadAll(sql)).getRowsJson();
  }

  const DAILY = `select sum(total_tokens)::bigint::varchar, count(*)::int, sum(cost)::varchar from usage`;

  it('gives a plain DuckDB the same usage', async () => {
    for (const filters of [[], ['--last', '7d'], ['--project', 'shop-api', '-z', 'Asia/Tokyo']]) {
      const { stdout } = await clawtrace(['init-sql', '--demo', ...filters]);
      const { totals } = await ask(['daily', '--demo', ...filters]);
      const [[tokens, responses, cost]] = (await run(stdout, DAILY)) as [[string, number, string]];
      expect([Number(tokens), responses, Number(cost)]).toEqual([totals.total_tokens, totals.responses, totals.cost]);
    }
  });

  it('gives every view, in the zone of the user, from logs of any name', async () => {
    const home = homeWith({
      [claudePath('a[1]')]: [claudeLine({ usage: { input: 5 }, timestamp: '2026-04-04T20:00:00Z' })],
      [claudePath("it's")]: [claudeLine({ requestId: 'r2', message: { id: 'm2' }, usage: { input: 6 } })],
    });
    const { stdout, stderr } = await clawtrace(['init-sql', '-z', 'Asia/Tokyo'], { home });
    expect(stderr).toBe('');
    expect(await run(stdout, 'select responded_at::date::varchar, input_tokens::int from usage order by 1')).toEqual([
      ['2026-04-01', 6],
      ['2026-04-05', 5],
    ]);
    // a macro over a relation is tried by the views that call it
    const views = (await readCatalog()).views.filter(
      ({ kind, sql }) => kind !== 'function' && !sql.includes('query_table('),
    );
    const counts = views.map(({ name, kind, macroParams }) => {
      const call = kind === 'macro' ? `(${macroParams.replaceAll(/\w+/g, 'null')})` : '';
      return `select count(*) from ${name}${call}`;
    });
    expect(await run(stdout, counts.join(' union all '))).toHaveLength(views.length);
  });

  it('leaves nothing in a database file that is open', async () => {
    const { stdout } = await clawtrace(['init-sql', '--demo']);
    const kept = `select count(*)::int from duckdb_tables() where not temporary union all select count(*)::int from duckdb_views() where not temporary and not internal`;
    expect(await run(stdout, kept, 2)).toEqual([[0], [0]]);
  });
});
