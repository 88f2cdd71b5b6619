import { ClawtraceError } from '../errors.ts';
import type { Values } from './arguments.ts';

/** The values of $NAME in a query. */
export function readQueryParams(values: Values): Record<string, string> {
  return Object.fromEntries(
    ((values.param as string[] | undefined) ?? []).map((text) => {
      const match = /^(\w+)=([^]*)$/.exec(text);
      if (!match) throw new ClawtraceError(`--param must be NAME=VALUE, not '${text}'.`);
      return [match[1]!, match[2]!];
    }),
  );
}

export function readTimeout(values: Values): number | undefined {
  const text = values.timeout as string | undefined;
  if (text !== undefined && (!/^\d{1,6}(\.\d{1,3})?$/.test(text) || Number(text) === 0))
    throw new ClawtraceError(`--timeout must be a number of seconds, not '${text}'.`);
  return text === undefined ? undefined : Number(text);
}

/** With less, DuckDB cannot even register the views. */
const LEAST_MEMORY = 100e6;

/** In bytes; K, M, G and T are powers of 1000, with an i of 1024. */
export function readMemoryLimit(values: Values): number | undefined {
  const text = values['memory-limit'] as string | undefined;
  if (text === undefined) return undefined;
  const [, size, unit, binary] = /^(\d{1,6}(?:\.\d{1,3})?) ?([KMGT])(i?)B$/i.exec(text) ?? [];
  if (size === undefined)
    throw new ClawtraceError(`--memory-limit must be a size such as 500MB or 2GB, not '${text}'.`);
  const bytes = Math.round(Number(size) * (binary ? 1024 : 1000) ** ('KMGT'.indexOf(unit!.toUpperCase()) + 1));
  if (bytes < LEAST_MEMORY) throw new ClawtraceError(`--memory-limit must be 100MB or more, not '${text}'.`);
  return bytes;
}
