import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog/catalog.ts';
import { packagePath } from '../src/package.ts';
import { clawtrace } from './helpers.ts';
import { describeCatalog, oldPathTable, reportTable } from './docs.ts';

const catalog = await readCatalog();
const readme = readFileSync(packagePath('README.md'), 'utf8');

describe('the documents', () => {
  it('sql/README.md says what the headers say', async () => {
    await expect(await describeCatalog(catalog)).toMatchFileSnapshot('../sql/README.md');
  });

  it('the README lists every report', async () => {
    expect(readme).toContain(await reportTable(catalog));
  });

  it('the README lists the paths that the server answers for others', () => {
    expect(readme).toContain(oldPathTable());
  });

  it('the README shows what the program prints', async () => {
    const sessions = [...readme.matchAll(/```console\n\$ npx clawtrace (.*)\n([\s\S]*?)```/g)];
    expect(sessions.length).toBeGreaterThan(1);
    for (const [, command, output] of sessions) {
      const args = [...command!.matchAll(/"([^"]*)"|(\S+)/g)].map((part) => part[1] ?? part[2]!);
      const { stdout } = await clawtrace(args);
      expect(stdout.trim(), command).toBe(output!.trim());
    }
  });

  it('CONTRIBUTING names every folder, and every file of src that it lists is there', () => {
    const contributing = readFileSync(packagePath('CONTRIBUTING.md'), 'utf8');
    for (const folder of ['sql/', 'pricing/', 'src/', 'test/', '.ci/']) expect(contributing).toContain(folder);
    const listed = [...contributing.matchAll(/^ {2}([a-z_-]+\.ts)\b/gm)].map((match) => match[1]!);
    expect(listed.sort()).toEqual(
      readdirSync(packagePath('src'))
        .filter((name) => name.endsWith('.ts'))
        .sort(),
    );
  });
});
