import { rows } from '../database/connection.ts';
import type { Session } from '../session/session.ts';

const COMMANDS = ['\\d', '\\refresh', '\\q', '\\?'];

/** DuckDB's completions for the end of a line; before is what was typed on the lines above. */
export async function complete(
  { connection, views }: Session,
  before: string,
  line: string,
): Promise<[found: string[], fragment: string]> {
  const command = /^\\d\s+(\w*)$/.exec(line);
  if (command)
    return [
      startingWith(
        command[1]!,
        views.map(({ name }) => name),
      ),
      command[1]!,
    ];
  if (line.startsWith('\\')) return [startingWith(line, COMMANDS), line];
  const lead = before ? `${before}\n` : '';
  try {
    const suggestions = await rows(
      connection,
      'select suggestion, suggestion_start::integer as start from sql_auto_complete($sql)',
      { sql: lead + line },
    );
    const start = (suggestions[0]?.start as number | undefined) ?? lead.length + line.length;
    const fragment = line.slice(Math.max(0, start - lead.length));
    const words = suggestions.filter((row) => row.start === start).map((row) => row.suggestion as string);
    return [startingWith(fragment, words), fragment];
  } catch {
    return [[], line];
  }
}

function startingWith(fragment: string, words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => word.toLowerCase().startsWith(fragment.toLowerCase()));
}
