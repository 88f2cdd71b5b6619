import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog/catalog.ts';
import { packagePath } from '../src/package.ts';
import { clawtrace } from './helpers.ts';
import { TAG_NAMES } from '../src/catalog/tag.ts';
import { describeCatalog, oldPathTable, reportTable, TAGS } from './docs.ts';

const catalog = await readCatalog();
const readme = readFileSync(packagePath('README.md'), 'utf8');

describe('the documents', () => {
  it('sql/README.md says what the headers say', async () => {
    await expect(await describeCatalog(catalog)).toMatchFileSnapshot('../sql/README.md');
  });

  it('the README lists every report, and the paths that the server answers for others', async () => {
    const written = [await reportTable(catalog), oldPathTable()].reduce(withTable, readme);
    await expect(written).toMatchFileSnapshot('../README.md');
  });

  it('sql/README.md lists the tags that a header can have', () => {
    const listed = TAGS.join('\n').match(/@[a-z]+/g);
    expect(new Set(listed)).toEqual(new Set(TAG_NAMES.map((name) => `@${name}`)));
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

  it('CONTRIBUTING says of every folder of the package and of src/ what it holds', () => {
    const contributing = readFileSync(packagePath('CONTRIBUTING.md'), 'utf8');
    const folders = [...foldersIn('.').filter((name) => !NOT_OURS.test(name)), ...foldersIn('src')];
    expect(folders).toEqual(expect.arrayContaining(['.ci', 'sql', 'src', 'test', 'commands', 'sources']));
    const isNamed = (name: string): boolean =>
      contributing.split('\n').some((line) => line.trimStart().startsWith(`${name}/ `));
    expect(folders.filter((name) => !isNamed(name))).toEqual([]);
  });
});

/** What git and npm keep, and what a build writes. */
const NOT_OURS = /^(\.git|\.vscode|\.idea|node_modules|dist|coverage)$/;

const foldersIn = (folder: string): string[] =>
  readdirSync(packagePath(folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The README with a table in the place of the one that has the same head. */
function withTable(text: string, table: string): string {
  const head = table.split('\n').slice(0, 2).join('\n');
  const [before, rest] = text.split(head) as [string, string | undefined];
  if (rest === undefined) throw new Error(`README.md has no table that begins with ${head}`);
  return before + table + rest.replace(/^(?:\n\|.*)*/, '');
}
