import type { SqlFile } from '../catalog/sql-file.ts';
import { keysOf, type Keys } from '../scanner/keys.ts';
import { pathsVariable } from '../sources/source.ts';

/** What the views read of the lines of a source. */
export function keptKeys(source: string, views: readonly SqlFile[]): Keys {
  const readsSource = ({ variable }: { variable: string }): boolean => variable === pathsVariable(source);
  const readers = views.filter(({ names }) => names.reads.some(readsSource));
  return keysOf(
    readers.flatMap(({ names }) => names.reads.filter(readsSource).map(({ columns }) => columns)),
    readers.flatMap(({ lines }) => lines),
  );
}
