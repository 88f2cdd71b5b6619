import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { SETTING_ARGS } from '../request/options.ts';
import { readZone } from '../request/zone.ts';
import { readConfig } from '../settings/config.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';
import type { Command } from './command.ts';
import { suggestion } from '../suggestion.ts';

const ENGINES = readdirSync(packagePath('sql/engines'))
  .filter((name) => name.endsWith('.sql'))
  .map((name) => basename(name, '.sql'));

export const engine: Command = {
  name: 'engine',
  description: `Print the SQL that reads an export on a distributed engine: ${ENGINES.join(', ')}.

The SQL makes a table of the files that 'clawtrace export usage --partition-by month,source -o FOLDER' wrote,
and runs daily, models, projects and sessions there, with the same figures to the last digit.

  clawtrace engine clickhouse --at usage | clickhouse local --multiquery
  clawtrace engine trino --at s3://bucket/usage --timezone Europe/Berlin`,
  args: {
    engine: { type: 'positional', required: true, description: ENGINES.join(', ') },
    at: { type: 'string', valueHint: 'FOLDER|URL', description: 'Where the export is: a folder or a bucket' },
    timezone: SETTING_ARGS.timezone,
    config: SETTING_ARGS.config,
  },
  run: (values) => {
    const name = values.engine as string;
    if (!ENGINES.includes(name))
      throw new ClawtraceError(
        `there is no engine '${name}'.${suggestion(name, ENGINES)} Known: ${ENGINES.join(', ')}.`,
      );
    if (!values.at) throw new ClawtraceError('engine needs --at, the folder or the bucket of the export.');
    const zone = readZone(values, readConfig(values.config as string | undefined).timezone);
    process.stdout.write(statements(name, place(values.at as string), zone));
  },
};

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//.test(text);

function place(given: string): string {
  const at = isUrl(given) ? given : resolve(given).replaceAll('\\', '/');
  return at.replace(/\/+$/, '');
}

/** The engine's own view of the files, and the reports over it, with the values filled in. */
function statements(name: string, at: string, zone: string): string {
  const quote = BACKSLASH_ENGINES.includes(name) ? quotedWithBackslashes : quotedTwice;
  const values: Record<string, string> = {
    at: quote(at),
    files: quote(`${at}/**/*.parquet`),
    reader: reader(at),
    zone: quote(zone),
    sums: template('shared/sums').trimEnd(),
  };
  return `${template(name)}\n${template('shared/reports')}`.replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, key) => values[key as string]!,
  );
}

const template = (name: string): string => readFileSync(packagePath(`sql/engines/${name}.sql`), 'utf8');

/** ClickHouse reads each kind of place with a function of its own. */
function reader(at: string): string {
  if (at.startsWith('gs://')) return 'gcs';
  return isUrl(at) ? 's3' : 'file';
}

/** Engines that take a backslash in a string for an escape. */
const BACKSLASH_ENGINES = ['clickhouse', 'spark'];

const quotedTwice = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quotedWithBackslashes = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
