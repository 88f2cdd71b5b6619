import { realpathSync } from 'node:fs';
import { log } from '../log.ts';
import type { Command } from './command.ts';

const KINDS = ['cron', 'systemd', 'launchd', 'claude-hook'] as const;
type Kind = (typeof KINDS)[number];

export const schedule: Command = {
  name: 'schedule',
  description: `Print a job that keeps the archive up to date, for you to install: hourly, or as a Claude Code hook.

  clawtrace schedule --print cron`,
  args: {
    print: { type: 'enum', options: [...KINDS], required: true, description: 'What to print' },
  },
  run: (values) => {
    const kind = (values.print as Kind | undefined) ?? 'cron';
    const program = [process.execPath, realpathSync(process.argv[1]!)];
    if (/[/\\]_npx[/\\]/.test(program[1]!))
      log.warn('This clawtrace is a temporary copy that npx made. Install it first: npm install --global clawtrace');
    process.stdout.write(`${TEXTS[kind](program)}\n`);
  },
};

/** Words in double quotes, in which these characters need a backslash before them. */
const inQuotes = (words: readonly string[], special: RegExp): string =>
  words.map((word) => `"${word.replaceAll(special, '\\$&')}"`).join(' ');

/** For a shell, which would run what $(…) holds. */
const forShell = (words: readonly string[]): string => inQuotes(words, /["$`\\]/g);

/** systemd doubles what it would replace. */
const forSystemd = (words: readonly string[]): string =>
  inQuotes(words, /["\\]/g).replaceAll(/[$%]/g, (character) => character.repeat(2));

const TEXTS: Record<Kind, (program: readonly string[]) => string> = {
  // to cron, % is the end of the line
  cron: (program) => `# crontab -e, then add this line. cron mails what it prints.
17 * * * * ${forShell(program).replaceAll('%', '\\%')} archive`,

  systemd: (program) => `# ~/.config/systemd/user/clawtrace.service
[Unit]
Description=Archive the usage of AI coding agents

[Service]
Type=oneshot
ExecStart=${forSystemd(program)} archive

# ~/.config/systemd/user/clawtrace.timer
[Unit]
Description=Archive the usage of AI coding agents, hourly

[Timer]
OnCalendar=hourly
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user enable --now clawtrace.timer`,

  launchd: (
    program,
  ) => `<!-- ~/Library/LaunchAgents/clawtrace.archive.plist, then: launchctl load ~/Library/LaunchAgents/clawtrace.archive.plist -->
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>clawtrace.archive</string>
  <key>ProgramArguments</key>
  <array>${[...program, 'archive'].map((word) => `<string>${word.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</string>`).join('')}</array>
  <key>StartInterval</key><integer>3600</integer>
</dict>
</plist>`,

  'claude-hook': (program) =>
    `// ~/.claude/settings.json: when a session of Claude Code ends
${JSON.stringify({ hooks: { SessionEnd: [{ hooks: [{ type: 'command', command: `${forShell(program)} archive` }] }] } }, null, 2)}`,
};
