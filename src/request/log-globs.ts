import { existsSync } from 'node:fs';
import { ClawtraceError } from '../errors.ts';
import { SOURCES } from '../sources/source.ts';

/** [SOURCE=]GLOB, where only the name of a source counts as SOURCE: a folder may be named like year=2026. */
export function readLogGlobs(given: readonly string[]): { source: string; glob: string }[] {
  return given.map((text) => {
    const source = SOURCES.find((known) => text.startsWith(`${known.name}=`))?.name ?? '';
    const [folder] = text.split(/[/\\]/);
    const unknown = source ? undefined : /^(\w+)=[^*?[{]*$/.exec(folder!)?.[1];
    if (unknown && !existsSync(folder!)) {
      const known = SOURCES.map(({ name }) => name).join(', ');
      throw new ClawtraceError(`--logs ${text}: there is no source '${unknown}', and no such file. Known: ${known}.`);
    }
    return { source, glob: source ? text.slice(source.length + 1) : text };
  });
}
