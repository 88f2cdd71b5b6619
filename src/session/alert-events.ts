import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../settings/config.ts';
import { makePrivateFolder, PRIVATE } from '../files/private-files.ts';

/** What was done about an alert. */
export interface AlertEvent {
  readonly event: 'ack' | 'exec';
  readonly key: string;
  readonly severity: string;
  readonly happened_at: string;
}

const alertEventFile = (): string => join(dataFolder(), 'alerts.jsonl');

/** The file of events as a pattern that DuckDB reads; undefined while there is none. */
export function alertEventPattern(): string | undefined {
  const file = alertEventFile();
  return existsSync(file) ? file.replaceAll(/[[*?]/g, '[$&]') : undefined;
}

/** Adds events to the file, which only its owner can read. */
export function addAlertEvents(events: readonly AlertEvent[]): void {
  if (events.length === 0) return;
  makePrivateFolder(dirname(alertEventFile()));
  appendFileSync(alertEventFile(), events.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: PRIVATE });
}
