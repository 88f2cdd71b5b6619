import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { rows, type Connection } from '../database/connection.ts';
import { ClawtraceError } from '../errors.ts';
import { packagePath } from '../package.ts';
import type { Fact } from './fact.ts';

/** The characters and tokens of the text in --file, counted for the model that --model names. */
export const measuredText: Fact = {
  tables: { measured_text: { characters: 'bigint', tokens: 'bigint', tokenizer: 'varchar' } },
  find: async ({ connection, request }) => {
    const model = await askedModel(connection);
    const text = await readText(request.params.file as string);
    const counted = model.provider === 'openai' ? (await loadTokenizer()).countTokens(text, model.model) : undefined;
    return { measured_text: [{ characters: text.length, ...counted }] };
  },
};

async function askedModel(connection: Connection): Promise<{ provider: string; model: string }> {
  const [model] = await rows(connection, 'from asked_model');
  return model as { provider: string; model: string };
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
