import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../src/package.ts';

const source = packagePath('src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll(sep, '/'));

/** The folder of a file; the files of src itself are cli.ts, above all rooms, and what every room may use. */
const roomOf = (file: string): string =>
  file.includes('/') ? file.split('/')[0]! : /^(cli|main)\.ts$/.test(file) ? 'cli' : 'ground';

const importsOf = (file: string): string[] => {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)].map(([, path]) =>
    relative(source, resolve(source, dirname(file), path!)).replaceAll(sep, '/'),
  );
};

/** The rooms as CONTRIBUTING lists them, from the top of the house to the ground. */
const [, list] = readFileSync(packagePath('CONTRIBUTING.md'), 'utf8').split('## The rooms of src/');
const rooms = [...list!.split('\n## ')[0]!.matchAll(/^ {2}([a-z]+)\/ {2,}\S/gm)].map(([, room]) => room!);
const floors = ['cli', ...rooms, 'ground'];

describe('the house', () => {
  it('has the rooms that CONTRIBUTING lists, and no others', () => {
    expect(new Set(files.map(roomOf))).toEqual(new Set(floors));
  });

  it.each(files)('%s imports only from its own room and those below it', (file) => {
    const floor = floors.indexOf(roomOf(file));
    for (const imported of importsOf(file)) {
      expect(files, `${file} imports ${imported}`).toContain(imported);
      expect(floors.indexOf(roomOf(imported)), `${file} imports ${imported}`).toBeGreaterThanOrEqual(floor);
    }
  });

  it('has no two files that import each other, in however long a circle', () => {
    const isDone = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, [...path, file].join(' → ')).not.toContain(file);
      if (isDone.has(file)) return;
      for (const imported of importsOf(file)) visit(imported, [...path, file]);
      isDone.add(file);
    };
    for (const file of files) visit(file, []);
    expect(isDone.size).toBe(files.length);
  });

  it('gives a name to one thing only', () => {
    const names = files.flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      const exported = text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm);
      return [...exported].map(([, name]) => name!);
    });
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
