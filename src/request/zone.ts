import { ClawtraceError } from '../errors.ts';
import { zoneError } from '../settings/config.ts';
import type { Values } from './arguments.ts';

export function readZone(values: Values, fallback: string): string {
  const zone = (values.timezone as string | undefined) ?? fallback;
  const problem = zoneError(zone);
  if (problem) throw new ClawtraceError(`there is no time zone '${zone}'. Use ${problem}.`);
  return zone;
}
