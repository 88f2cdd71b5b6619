import { appendFileSync, closeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../settings/folders.ts';
import { ClawtraceError } from '../errors.ts';
import { makePrivateFolder, PRIVATE } from '../files/private-files.ts';
import { isMissing, openRegular, whyUnreadable } from '../files/regular-file.ts';

/** What was done about an alert. */
export interface AlertEvent {
  readonly event: 'ack' | 'exec';
  readonly key: string;
  readonly severity: string;
  readonly happened_at: string;
}

const alertEventFile = (): string => join(dataFolder(), 'alerts.jsonl');

/** The file of events, for DuckDB to read; undefined while there is none. */
export function writtenAlertEvents(): string | undefined {
  const file = alertEventFile();
  try {
    closeSync(openRegular(file));
    return file;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new ClawtraceError(`${file}: cannot be read (${whyUnreadable(error)}). Move it away.`);
  }
}

/** Adds events to the file, which only its owner can read. */
export function addAlertEvents(events: readonly AlertEvent[]): void {
  if (events.length === 0) return;
  makePrivateFolder(dirname(alertEventFile()));
  appendFileSync(alertEventFile(), events.map((event) => `${JSON.stringify(event)}\n`).join(''), { mode: PRIVATE });
}
