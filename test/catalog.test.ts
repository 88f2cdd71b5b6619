import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalog, readsOf, type SqlFile } from '../src/catalog/catalog.ts';
import { packagePath } from '../src/package.ts';
import { SOURCES } from '../src/sources/source.ts';
import { argumentsOf, ask, clawtrace, type Answer } from './helpers.ts';

const catalog = readCatalog('/nowhere');
const files: readonly SqlFile[] = [
  ...catalog.views,
  ...catalog.reports().flatMap((report) => [report, ...report.parts]),
];
const where = (file: SqlFile): string => relative(packagePath('sql'), file.path);

describe('every SQL file', () => {
  it.each(files.map((file) => [where(file), file] as const))('%s is a header and one SELECT', (_, file) => {
    const source = readFileSync(file.path, 'utf8');
    expect(file.title.endsWith('.') || /^[A-Z]/.test(file.title)).toBe(true);
    if (file.layer !== '4_reports')
      expect(source.split('\nwith ')[0], 'states its grain').toMatch(/One row|one row|-- @(macro|function)/);
    expect(file.sql).toMatch(/^(with|select|from)\b/);
    expect(file.sql).not.toContain(';');
    expect(source).not.toContain('\t');
    for (const line of source.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
  });

  it('reads only its own layer and those before it, and no file reads itself', () => {
    for (const file of files) {
      for (const read of readsOf(file.sql, catalog.views)) {
        expect(read.layer <= file.layer, `${where(file)} reads ${where(read)}`).toBe(true);
        if (file.layer !== '4_reports') expect(read.name).not.toBe(file.name);
      }
    }
  });

  it('names no agent after layer 1, but where it puts together what each source has', () => {
    const agents = new RegExp(SOURCES.map(({ name }) => name).join('|'));
    const isUnion = new RegExp(`^ *from (${agents.source})\\w*$`);
    for (const file of files.filter(({ layer }) => layer > '1_sources')) {
      const named = file.sql.split('\n').filter((line) => agents.test(line));
      const allowed = file.layer === '2_responses' ? named.filter((line) => isUnion.test(line)) : [];
      expect(named, where(file)).toEqual(allowed);
    }
  });

  it('has the traits of every source', async () => {
    const { rows } = await ask(['query', 'select source, main_agent from source_traits order by source']);
    expect(rows).toEqual([
      { source: 'claude_code', main_agent: 'main' },
      { source: 'openclaw', main_agent: null },
    ]);
    expect(rows.map(({ source }) => source)).toEqual(SOURCES.map(({ name }) => name).sort());
  });

  it('is named once', () => {
    const names = catalog.views.map((view) => view.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('every report', () => {
  // reports.test.ts holds these snapshots against the program
  it.each(catalog.reports().map((report) => [report.name, report] as const))(
    '%s: its header says what its query returns',
    (name, report) => {
      const answer = JSON.parse(
        readFileSync(packagePath(`test/snapshots/${name}.json`), 'utf8').replaceAll(/:<demo>(\/?)/g, (_, more) =>
          more ? ':"/' : ':""',
        ),
      );
      expect(answer.report).toBe(report.name);
      expect(answer.columns.map((column: { name: string }) => column.name)).toEqual(rowKeys(answer));
      for (const column of answer.columns) expect(column.description, column.name).toBeTruthy();
      const shapes = report.columns.filter(({ unit }) => unit === 'shape').map(({ name }) => name);
      const figures = report.ownColumns.filter((name) => !shapes.includes(name));
      expect(rowKeys(answer)).toEqual(expect.arrayContaining(figures));
      expect(report.examples.length).toBeGreaterThan(0);
    },
  );

  it.concurrent.each(
    catalog.reports().flatMap((report) => {
      const others = report.examples.filter((example) => example !== argumentsOf(report).join(' '));
      return others.map((example) => [`${report.name} ${example}`]);
    }),
  )('the example runs: %s', async (example) => {
    const { code, stderr } = await clawtrace([...example.split(' '), '--demo']);
    expect(stderr).not.toContain('clawtrace: ');
    expect(code).toBe(0);
  });
});

/** The demo has no archive, so that there is nothing to verify. */
const rowKeys = ({ report, rows, columns }: Answer): string[] =>
  report === 'archive verify' ? columns.map(({ name }: { name: string }) => name) : Object.keys(rows[0]!);
