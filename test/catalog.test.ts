import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog/catalog.ts';
import type { SqlFile } from '../src/catalog/sql-file.ts';
import { viewsIn } from '../src/catalog/reads.ts';
import { packagePath } from '../src/package.ts';
import { SOURCES } from '../src/sources/source.ts';
import { argumentsOf, ask, clawtrace } from './helpers.ts';

const catalog = await readCatalog();
const reports = await catalog.reports();
const files: readonly SqlFile[] = [...catalog.views, ...reports.flatMap((report) => [report, ...report.parts])];
const where = (file: SqlFile): string => relative(packagePath('sql'), file.path);

describe('every SQL file', () => {
  it.each(files.map((file) => [where(file), file] as const))('%s is a header and one SELECT', (_, file) => {
    const source = readFileSync(file.path, 'utf8');
    expect(`${file.title}\n${file.text}`.trim(), 'says in sentences what it holds').toMatch(/^[A-Z][^]*\.$/);
    // help lists it by that line
    if (file.layer === '4_reports') expect(file.title).toMatch(/\.$/);
    if (file.layer !== '4_reports')
      expect(source.split('\nwith ')[0], 'states its grain').toMatch(/One row|one row|-- @(macro|function)/);
    expect(file.sql).toMatch(/^(with|select|from)\b/);
    expect(file.sql).not.toContain(';');
    expect(source).not.toContain('\t');
    for (const line of source.split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
  });

  it('reads only its own layer and those before it, and no file reads itself', () => {
    expect(files.filter((file) => viewsIn(file.names, catalog.views).length > 0).length).toBeGreaterThan(80);
    for (const file of files) {
      for (const read of viewsIn(file.names, catalog.views)) {
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
  it.each(
    reports.flatMap((report) => {
      const others = report.examples.filter((example) => example !== argumentsOf(report).join(' '));
      return others.map((example) => [`${report.name} ${example}`]);
    }),
  )('the example runs: %s', async (example) => {
    const { code, stderr } = await clawtrace([...example.split(' '), '--demo']);
    expect(stderr).not.toContain('clawtrace: ');
    expect(code).toBe(0);
  });
});
