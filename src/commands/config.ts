import { existsSync } from 'node:fs';
import { stringify } from 'smol-toml';
import { SETTING_ARGS } from '../request/options.ts';
import { readZone } from '../request/zone.ts';
import { readConfig } from '../settings/config.ts';
import { ownPriceFile, ownReportsFolder } from '../settings/folders.ts';
import { SOURCES } from '../sources/source.ts';
import type { Command } from './command.ts';

export const config: Command = {
  name: 'config',
  description: 'Print the settings in force, as a config file, and where your own files belong.',
  args: { config: SETTING_ARGS.config, timezone: SETTING_ARGS.timezone },
  run: (values) => {
    const { file, ...settings } = readConfig(values.config as string | undefined);
    const sources = Object.fromEntries(
      SOURCES.map((source) => [source.name, settings.sources[source.name] ?? { globs: source.roots(process.env) }]),
    );
    const place = (path: string): string => `${path}${existsSync(path) ? '' : ' (does not exist)'}`;
    const lines = [
      `# config:  ${place(file)}`,
      `# prices:  ${place(ownPriceFile())}`,
      `# reports: ${place(ownReportsFolder())}`,
      stringify({ ...settings, timezone: readZone(values, settings.timezone), sources }),
    ];
    process.stdout.write(`${lines.join('\n').trimEnd()}\n`);
  },
};
