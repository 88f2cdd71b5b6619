import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createFromJson, rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';
import { asUserError } from '../session/result.ts';

/** Counts the characters and tokens of a text for the model that --model names, as the table measured_text. */
export async function measureText(connection: Connection, file: string): Promise<void> {
  const model = await askedModel(connection);
  const text = await readText(file);
  const counted = model.provider === 'openai' ? (await loadTokenizer()).countTokens(text, model.model) : undefined;
  await createFromJson(connection, 'measured_text', [{ characters: text.length, ...counted }], {
    characters: 'bigint',
    tokens: 'bigint',
    tokenizer: 'varchar',
  });
}

async function askedModel(connection: Connection): Promise<{ provider: string; model: string }> {
  try {
    const [model] = await rows(connection, 'from asked_model');
    return model as { provider: string; model: string };
  } catch (error) {
    throw asUserError(error as Error, 'asked_model');
  }
}

async function readText(file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(file, 'utf8');
    let text = '';
    for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk as string;
    return text;
  } catch (error) {
    throw new ClawtraceError(`cannot read ${file}: ${(error as Error).message}.`);
  }
}

/** The program is one bundle, the tokenizer another beside it. */
async function loadTokenizer(): Promise<typeof import('./tokenizer.ts')> {
  return (await import(pathToFileURL(packagePath('dist/tokenizer.js')).href)) as typeof import('./tokenizer.ts');
}
